import type { Severity } from '#core/diagnostic.ts';

export interface CodeEntry {
  severity: Severity;
  title: string;
}
const N = Array.from({ length: 45 }, (_, i) => `KDL${String(i + 1).padStart(3, '0')}`);
export type Code = `KDL${string}`;
export const CODES: Record<Code, CodeEntry> = Object.fromEntries(
  N.map((n) => [n, { severity: n === 'KDL042' ? 'warning' : 'error', title: n }]),
);
