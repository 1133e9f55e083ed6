import type { AttemptRow } from '#db/rows.ts';
import type { LogIndex } from '#store/log/port.ts';

/**
 * The gap behind the last line of a log whose attempt is over and whose end nobody could store: a full disk, a host that
 * was lost. Null of one that is whole, may still grow, or never began.
 */
export function findBreak(index: LogIndex, attempt: AttemptRow): LogIndex['gaps'][number] | null {
  const { logEnded, status, endedAt, startedAt, result } = attempt;
  // Of an attempt without a result a start is on record only if its program was seen.
  const hasBegun = index.bytes > 0 || (result === null ? startedAt !== null : result.started);
  if (!logEnded || index.ended || !hasBegun || endedAt === null) return null;
  const why = status.kind === 'ended' && status.reason !== null ? `: ${status.reason.message}` : '';
  return { line: index.lines + 1, bytes: 0, cause: `its end was not stored${why}`, fromAt: endedAt, toAt: endedAt };
}
