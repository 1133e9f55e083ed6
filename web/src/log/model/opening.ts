import type { LogIndexObject } from '#core/rest-logs.ts';

/** Where a log opens that no address names a line of: at the end while it runs or when it passed, else at the failure. */
export type Opening = { kind: 'end' } | { kind: 'line'; n: number };

export function findOpening({ groups, errors, lines, ended }: LogIndexObject, hasFailed: boolean): Opening {
  if (!ended || !hasFailed || lines === 0) return { kind: 'end' };
  const failed = groups.findIndex(({ exitCode }) => exitCode !== null && exitCode !== 0);
  if (failed === -1) return { kind: 'end' };
  const from = groups[failed]?.fromLine ?? 1;
  const to = (groups[failed + 1]?.fromLine ?? lines + 1) - 1;
  return { kind: 'line', n: errors.find((line) => line >= from && line <= to) ?? Math.max(to, 1) };
}

/** The error before or after a line, round in a circle; null where there is none. */
export function findError(errors: readonly number[], from: number, direction: 1 | -1): number | null {
  if (direction === 1) return errors.find((line) => line > from) ?? errors[0] ?? null;
  return errors.findLast((line) => line < from) ?? errors.at(-1) ?? null;
}
