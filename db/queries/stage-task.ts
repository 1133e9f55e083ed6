import type { ArtifactReference } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import type { Database } from '../client.ts';
import { createRunUnknown } from './change-run.ts';

/** What the stages of a run have left so far, by name: of those that have ended. */
export interface StageResultRow {
  name: string;
  ending: Ending;
  outputs: Record<string, string>;
  artifacts: ArtifactReference[];
}

export interface RunFactsRow {
  label: string;
  number: number;
  attempt: number;
  trigger: string;
}

/** Facts of a run and what its stages have left. Throws the fault `run-unknown`. */
export async function findRunSoFar(
  database: Database,
  runId: string,
): Promise<{ run: RunFactsRow; results: StageResultRow[] }> {
  const [run] = await database<RunFactsRow[]>`SELECT label, number, attempt, trigger FROM runs WHERE id = ${runId}`;
  if (!run) throw createRunUnknown(runId);
  const results = await database<StageResultRow[]>`
    SELECT name, ending, outputs, artifacts FROM stages WHERE run_id = ${runId} AND ending IS NOT NULL`;
  return { run, results: [...results] };
}
