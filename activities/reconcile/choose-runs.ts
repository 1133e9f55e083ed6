import { isStuck } from '#db/queries/stuck-run.ts';
import type { RunRow } from '#db/rows.ts';
import type { WorkflowDirectory } from './port.ts';

/** So many are asked after one by one whatever the index of workflows says. */
const FEW = 100;
/** With more, each that the index calls open has its turn within so many minutes. */
const TURNS = 10;
const MINUTE_MS = 60_000;

/**
 * The open runs whose workflows are asked after now. A question costs a millisecond of processor, so a thousand runs
 * that wait for a person would cost a second each minute; the index names a thousand in one answer. It cannot tell
 * whether a workflow has come to stand still: so those it calls open have their turn every ten minutes, and all others,
 * those that stood still before among them, are asked after each time. Without the index it is all.
 */
export async function chooseRuns<Run extends Pick<RunRow, 'id' | 'status'>>(
  runs: readonly Run[],
  workflows: Pick<WorkflowDirectory, 'listOpen'>,
  now: number,
): Promise<readonly Run[]> {
  if (runs.length <= FEW) return runs;
  const open = new Set<string>();
  try {
    for await (const runId of workflows.listOpen()) open.add(runId);
  } catch {
    return runs;
  }
  const turn = Math.floor(now / MINUTE_MS) % TURNS;
  return runs.filter((run) => isStuck(run.status) || !open.has(run.id) || turnOf(run.id) === turn);
}

/** By the end of the id, which is random. */
function turnOf(runId: string): number {
  return Number.parseInt(runId.slice(-6), 16) % TURNS;
}
