import type { SecretObject, SecretScope } from '#core/rest-secrets.ts';

export function describeScope(scope: SecretScope): string {
  switch (scope.kind) {
    case 'organization':
      return `all of ${scope.organization}`;
    case 'workspace':
      return scope.workspace;
    case 'environment':
      return `environment ${scope.environment}`;
    case 'pipeline':
      return `pipeline ${scope.pipeline}`;
    default:
      return scope satisfies never;
  }
}

/** From here on a secret that no stage got is likely to be needed no more (UI §4.12). */
const UNUSED_MS = 90 * 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** Neither given to a stage nor set for 90 days. */
export function isUnused({ lastUsed, setAt }: Pick<SecretObject, 'lastUsed' | 'setAt'>, now: number): boolean {
  return Math.max(Date.parse(setAt), lastUsed ? Date.parse(lastUsed.at) : 0) < now - UNUSED_MS;
}

/** Whole days by which the value is older than its rule; null while it is not, or without a rule. */
export function findOverdueDays(
  { setAt, rotateDays }: Pick<SecretObject, 'setAt' | 'rotateDays'>,
  now: number,
): number | null {
  if (rotateDays === null) return null;
  const over = now - Date.parse(setAt) - rotateDays * DAY_MS;
  return over > 0 ? Math.floor(over / DAY_MS) : null;
}
