import type { Scalar } from './kdl.ts';
import type { WordNode } from './shape.ts';
import { comparePlaces } from './source.ts';

/** A word in canonical KDL: what stands inside as properties where that is possible, else as a block. */
export function printWord(node: WordNode, indent: string): string {
  const inner = [...[...node.words.values()].flat(), ...node.own].toSorted((a, b) => comparePlaces(a.place, b.place));
  const head = [printName(node.name), ...node.args.map(({ value }) => printScalar(value))];
  const isFlat = inner.every((one) => one.args.length === 1 && one.words.size === 0 && one.own.length === 0);
  const isUnique = new Set(inner.map((one) => one.name)).size === inner.length;
  if (isFlat && isUnique) {
    const properties = inner.map((one) => `${printName(one.name)}=${printScalar(one.args[0]?.value ?? null)}`);
    return indent + [...head, ...properties].join(' ');
  }
  const lines = inner.map((one) => printWord(one, `${indent}    `));
  return `${indent}${head.join(' ')} {\n${lines.join('\n')}\n${indent}}`;
}

/** A name as KDL writes it: bare where it may be, else in quotes. */
export function printName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !/^(true|false|null|inf|nan)$/.test(name) ? name : printScalar(name);
}

/** A value as KDL writes it. */
export function printScalar(value: Scalar): string {
  if (value === null) return '#null';
  if (typeof value === 'boolean') return value ? '#true' : '#false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? '#nan' : '#inf';
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${escaped}"`;
}
