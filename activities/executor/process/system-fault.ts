import { FaultError, faultOf, NO_RETRY } from '#core/fault.ts';

/** An error of the operating system as a fault; faults and our own caller's abort pass through. */
export function toSystemFault(error: unknown, what: string): FaultError {
  const known = faultOf(error);
  if (known !== null && error instanceof FaultError) return error;
  if (known !== null) return new FaultError(known);
  if (error instanceof Error && error.name === 'AbortError') throw error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FaultError({
      code: 'disk-full',
      message: `The disk is full: could not ${what}`,
      cause,
      fix: 'free space and retry',
      retry: NO_RETRY,
    });
  }
  // Out of processes or file handles: that passes.
  const isBusy = ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(code);
  return new FaultError({
    code: 'process-failed',
    message: `BuildIt could not ${what}`,
    cause,
    retry: isBusy ? { kind: 'yes', afterMs: 500 } : NO_RETRY,
  });
}
