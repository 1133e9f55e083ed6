import { isStuck } from '#db/queries/stuck-run.ts';
import type { RunRow } from '#db/rows.ts';
import type { IndexLook } from './look-at-index.ts';

/** So many are asked after one by one whatever the index of workflows says. */
const FEW = 20;
/** With more, each of which the index says nothing has its turn within so many minutes. */
const TURNS = 60;
const MINUTE_MS = 60_000;

/**
 * The open runs whose workflows are asked after now. A question costs the server and us some five milliseconds of
 * processor time, so a thousand runs that wait for a person would cost five seconds each minute. Those that the index
 * of workflows does not call open, or cannot be carried on by its account, and those that stood still before are asked
 * after each time; all others have their turn within the hour, for a server that reports no problems. Without the index
 * it is all.
 */
export function chooseRuns<Run extends Pick<RunRow, 'id' | 'status'>>(
  runs: readonly Run[],
  look: IndexLook | null,
  now: number,
): readonly Run[] {
  if (runs.length <= FEW || look === null) return runs;
  const turn = Math.floor(now / MINUTE_MS) % TURNS;
  return runs.filter(
    ({ id, status }) => isStuck(status) || look.reported.has(id) || look.open?.has(id) === false || turnOf(id) === turn,
  );
}

/** By the end of the id, which is random. */
function turnOf(runId: string): number {
  return Number.parseInt(runId.slice(-6), 16) % TURNS;
}
