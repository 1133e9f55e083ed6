import { FaultError } from '#core/fault.ts';

/** How the driver, the socket and the server say that nobody answers now: worth another try, and no defect of ours. */
const CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE'],
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  ...['57P01', '57P02', '57P03', '53300'],
]);

/** disk_full: reading goes on. */
const FULL = '53100';

/** Whether an error means that the database is away, starting or leaving, or has no room: that it passes. */
export function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  // A socket that is not there; any other file that is not there is somebody else's.
  if (error.code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return error.code === FULL || CODES.has(String(error.code));
}

/** The fault of an error that {@link isAway}. */
export function toDatabaseFault(error: unknown): FaultError {
  if (error instanceof Error && 'code' in error && error.code === FULL) {
    return new FaultError({
      code: 'database-full',
      message: 'the database has no room to write',
      cause: error.message,
      fix: 'make room on the disk of Postgres; what waits for it goes on by itself',
      retry: { kind: 'yes', afterMs: 5_000 },
    });
  }
  return new FaultError({
    code: 'database-unreachable',
    message: 'the database does not answer',
    cause: error instanceof Error ? error.message : String(error),
    fix: 'buildit engine status shows whether it runs; it is started again by itself',
    retry: { kind: 'yes', afterMs: 1_000 },
  });
}

/**
 * Does what may be repeated, again while the database is away, for at most `limitMs`: a restart of Postgres takes about
 * a second and shall cost nobody more than that. Then throws the fault `database-unreachable` or
 * `database-full` (retry).
 */
export async function withPatience<Result>(act: () => Promise<Result>, limitMs: number): Promise<Result> {
  const deadline = performance.now() + limitMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    try {
      return await act();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (performance.now() + pauseMs > deadline) throw toDatabaseFault(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
