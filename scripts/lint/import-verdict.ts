import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Row, importTable } from './import-table.ts';

/** An import as written: `file` is the importing file's path from the repository's top. */
export interface Written {
  file: string;
  specifier: string;
  /** `import type` and its like leave nothing behind at run time. */
  isType: boolean;
}

/** Why the import table forbids an import, as a sentence for its author; undefined when it is allowed. */
export function explainForbidden(written: Written, table: readonly Row[] = importTable): string | undefined {
  const { file, specifier, isType } = written;
  const row = findRow(file, table);
  if (row === undefined || !isShipped(file)) return undefined;
  if (isBuiltin(specifier)) {
    return row.builtins ? undefined : `${row.from}/ runs where Node's built-in modules are not: ${specifier}`;
  }
  const target = resolveOurs(file, specifier);
  if (target === undefined) return explainPackage(row, specifier);
  if (!isShipped(target)) return `${file} is shipped and may not import the test code ${target}`;
  const top = row.from.split('/')[0] ?? row.from;
  if ([top, ...row.ours].some((pattern) => covers(pattern, target))) return undefined;
  const asTypes = row.oursAsTypes ?? [];
  if (asTypes.some((pattern) => covers(pattern, target))) {
    return isType ? undefined : `${row.from}/ may import only types of ${target}: write "import type"`;
  }
  return `${row.from}/ may not import ${target}; it may import ${listAllowed(row)} (scripts/lint/import-table.ts)`;
}

function findRow(file: string, table: readonly Row[]): Row | undefined {
  return table
    .filter((row) => file.startsWith(`${row.from}/`))
    .toSorted((a, b) => b.from.length - a.from.length)
    .at(0);
}

/** The imported file's path from the repository's top; undefined for a package. */
function resolveOurs(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return posix.normalize(specifier.slice(1));
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(file), specifier));
  return undefined;
}

function covers(pattern: string, target: string): boolean {
  return target === pattern || target.startsWith(`${pattern}/`) || posix.matchesGlob(target, pattern);
}

function explainPackage(row: Row, specifier: string): string | undefined {
  const names = 'only' in row.packages ? row.packages.only : row.packages.except;
  const isNamed = names.some((name) =>
    name.endsWith('/') ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
  );
  if (isNamed === 'only' in row.packages) return undefined;
  return `${row.from}/ may not import the package ${specifier} (scripts/lint/import-table.ts)`;
}

function listAllowed(row: Row): string {
  return row.ours.length === 0 ? 'nothing of ours but itself' : row.ours.join(', ');
}

/** Whether a file is part of the product, not of its tests (`x.test.ts`, `testing/`), benchmarks or tools. */
export function isShipped(file: string): boolean {
  const isTest = /\.(test|contract)\.tsx?$/.test(file) || file.includes('/testing/');
  return !isTest && !/^(test|bench|scripts)\//.test(file) && file.includes('/');
}
