import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importTable } from '../../scripts/lint/import-table.ts';

const home = resolve(import.meta.dirname, '../..');

/** For each row a file of ours and a package, or a built-in module, that the row forbids even as types. */
const forbidden: Record<string, { ours: string; outside: string }> = {
  core: { ours: 'config/x.ts', outside: 'node:fs' },
  config: { ours: 'db/x.ts', outside: '@temporalio/client' },
  workflows: { ours: 'config/x.ts', outside: 'zod' },
  store: { ours: 'activities/x.ts', outside: '@temporalio/activity' },
  'store/secret': { ours: 'api/x.ts', outside: 'drizzle-orm' },
  db: { ours: 'store/x.ts', outside: 'hono' },
  activities: { ours: 'db/x.ts', outside: 'hono' },
  'activities/record': { ours: 'temporal/client.ts', outside: 'postgres' },
  'activities/lease': { ours: 'api/x.ts', outside: 'commander' },
  'activities/shell': { ours: 'api/x.ts', outside: 'commander' },
  'activities/reconcile': { ours: 'temporal/worker.ts', outside: '@temporalio/workflow' },
  temporal: { ours: 'api/x.ts', outside: 'hono' },
  api: { ours: 'activities/x.ts', outside: '@temporalio/worker' },
  engine: { ours: 'api/x.ts', outside: 'drizzle-orm' },
  web: { ours: 'db/x.ts', outside: 'node:fs' },
  'web/build': { ours: 'api/x.ts', outside: 'react' },
  tracing: { ours: 'config/x.ts', outside: 'hono' },
  backup: { ours: 'api/x.ts', outside: 'tar-stream' },
  cli: { ours: 'store/x.ts', outside: '@temporalio/client' },
};

const allowed: Record<string, string> = {
  config: "import '#core/x.ts';\nimport 'node:path';\nimport 'kdljs';\n",
  workflows: "import type { X } from '#activities/x.ts';\nimport '@temporalio/workflow';\nexport type Y = X;\n",
  'activities/record': "import '#db/queries/x.ts';\nimport 'dockerode';\n",
  api: "import '#temporal/client.ts';\nimport '#workflows/lock/messages.ts';\nimport 'hono';\n",
  cli: "import '#api/client/x.ts';\nimport '../engine/x.ts';\nimport 'commander';\n",
};

const writings: Record<string, (specifier: string) => string> = {
  import: (specifier) => `import '${specifier}';\n`,
  'import of a value': (specifier) => `import { x } from '${specifier}';\nexport const y = x;\n`,
  'import type': (specifier) => `import type { X } from '${specifier}';\nexport type Y = X;\n`,
  'dynamic import': (specifier) => `export const x = await import('${specifier}');\n`,
  'import in a type': (specifier) => `export type X = import('${specifier}').X;\n`,
  're-export': (specifier) => `export { x } from '${specifier}';\n`,
  're-export of all': (specifier) => `export * from '${specifier}';\n`,
  require: (specifier) => `import x = require('${specifier}');\nexport const y = x;\n`,
};

const folder = mkdtempSync(join(tmpdir(), 'buildit-lint-'));
let problems = new Map<string, string[]>();

function write(file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

function nameFixture(from: string, index: number): string {
  return `${from}/forbidden-${index}.ts`;
}

/** Every way of writing each of a row's forbidden imports, in a fixed order. */
function listForbidden(from: string): { title: string; content: string }[] {
  const row = forbidden[from];
  if (row === undefined) return [];
  const climb = relative(from, row.ours);
  const specifiers = { relative: climb, alias: `#${row.ours}`, outside: row.outside };
  return Object.entries(specifiers).flatMap(([how, specifier]) =>
    Object.entries(writings).map(([title, content]) => ({ title: `${title} (${how})`, content: content(specifier) })),
  );
}

beforeAll(() => {
  const config = JSON.parse(readFileSync(join(home, '.oxlintrc.json'), 'utf8'));
  config.jsPlugins = [join(home, 'scripts/lint/plugin.ts')];
  config.options.typeAware = false;
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
  write('package.json', JSON.stringify({ type: 'module', imports: { '#core/*': './core/*' } }));
  for (const { from } of importTable) {
    for (const [index, { content }] of listForbidden(from).entries()) write(nameFixture(from, index), content);
  }
  for (const [from, content] of Object.entries(allowed)) write(`${from}/allowed.ts`, content);
  write('activities/one.ts', "import { x } from '#config/x.ts';\nexport const y = x;\n");
  write('workflows/value.ts', "import { type X } from '#activities/x.ts';\nexport type Y = X;\n");
  write('core/uses-test.ts', "import './a.test.ts';\n");
  write('core/a.test.ts', "import 'vitest';\nimport '#config/x.ts';\n");
  write('core/cycle-a.ts', "import { b } from '#core/cycle-b.ts';\nexport const a = () => b;\n");
  write('core/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = () => a;\n");
  write('core/long.ts', 'export {};\n'.repeat(401));
  write('engine/environment.ts', "export const a = process.env['A'];\nexport const b = process['env'].B;\n");
  write('config/system/load.ts', "export const a = process.env['A'];\n");
  problems = lint();
});

function lint(): Map<string, string[]> {
  const oxlint = join(home, 'node_modules/oxlint/bin/oxlint');
  let output: string;
  try {
    output = execFileSync(process.execPath, [oxlint, '-f', 'json'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // oxlint exits 1 for problems, which is what these fixtures are for.
    if (!(error instanceof Error && 'stdout' in error)) throw error;
    output = String(error.stdout);
  }
  const found = new Map<string, string[]>();
  const report: { diagnostics: { filename: string; code: string }[] } = JSON.parse(output);
  for (const { filename, code } of report.diagnostics) found.set(filename, [...(found.get(filename) ?? []), code]);
  return found;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(importTable.map(({ from }) => from))(
  '%s/ cannot import what its row forbids, however it is written',
  (from) => {
    const written = listForbidden(from).map(({ title }, index) => ({
      title,
      codes: problems.get(nameFixture(from, index)),
    }));
    expect(written.length).toBeGreaterThan(0);
    const missed = written.filter(({ codes }) => codes?.includes('buildit(import-table)') !== true);
    expect(missed).toEqual([]);
  },
);

test.each(Object.keys(allowed))('%s/ can import what its row allows', (from) => {
  expect(problems.get(`${from}/allowed.ts`)).toBeUndefined();
});

test('an inline type import is an import of values', () => {
  expect(problems.get('workflows/value.ts')).toContain('buildit(import-table)');
});

test('shipped code may not import test code, which itself may import anything', () => {
  expect(problems.get('core/uses-test.ts')).toContain('buildit(import-table)');
  expect(problems.get('core/a.test.ts')).toBeUndefined();
});

test('a cycle through an alias is found', () => {
  expect(problems.get('core/cycle-a.ts')).toContain('import(no-cycle)');
});

test('a file of more than 400 lines is an error', () => {
  expect(problems.get('core/long.ts')).toContain('eslint(max-lines)');
});

test('only config/system/load.ts reads the environment', () => {
  expect(problems.get('engine/environment.ts')).toEqual(['buildit(environment)', 'buildit(environment)']);
  expect(problems.get('config/system/load.ts')).toBeUndefined();
});
