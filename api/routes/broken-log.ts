import type { AttemptRow } from '#db/rows.ts';
import type { LogIndex } from '#store/log/port.ts';

/**
 * The gap behind the last line of a log whose attempt is over and whose end nobody could store: a full disk, a host that
 * was lost. Null of one that is whole, may still grow, or never began.
 */
export function findBreak(index: LogIndex, { logEnded, status, endedAt }: AttemptRow): LogIndex['gaps'][number] | null {
  if (!logEnded || index.ended || index.bytes === 0 || endedAt === null) return null;
  const why = status.kind === 'ended' && status.reason !== null ? `: ${status.reason.message}` : '';
  return { line: index.lines + 1, bytes: 0, cause: `its end was not stored${why}`, fromAt: endedAt, toAt: endedAt };
}
