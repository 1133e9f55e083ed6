import { FaultError, NO_RETRY, faultOf } from '#core/fault.ts';

/**
 * What a failed write or read of ours means: `disk-full` for ENOSPC and EDQUOT, else
 * `store-failed` with what the system said. Faults pass through unchanged.
 */
export function toStoreFault(thrown: unknown, what: string): Error {
  if (thrown instanceof Error && faultOf(thrown)) return thrown;
  const code = errorCode(thrown);
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FaultError({
      code: 'disk-full',
      message: `No space left to ${what}`,
      cause,
      fix: 'Free space on the disk that holds the data folder (BUILDIT_DATA), then run again',
      retry: NO_RETRY,
    });
  }
  return new FaultError({
    code: 'store-failed',
    message: `Could not ${what}`,
    cause,
    fix: 'Check that the data folder (BUILDIT_DATA) exists and that this user may write to it',
    retry: NO_RETRY,
  });
}

/** The `code` of a system error (`ENOENT`), or null. */
export function errorCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
