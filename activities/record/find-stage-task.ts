import type { StageTask } from '#core/attempt.ts';
import { lookUp } from '#core/late-value.ts';
import { outline } from '#core/outline.ts';
import type { Plan } from '#core/plan.ts';
import type { Database } from '#db/client.ts';
import { findRunContext } from '#db/queries/run-context.ts';
import { findRunSoFar } from '#db/queries/stage-task.ts';

/** The task of an attempt as the workflow would give it out now: with what the stages before it have left. */
export async function findStageTask(
  database: Database,
  { runId, stage, attempt }: { runId: string; stage: string; attempt: number },
  plan: Plan,
): Promise<StageTask> {
  const [context, { run, results }] = await Promise.all([
    findRunContext(database, runId),
    findRunSoFar(database, runId),
  ]);
  const node = outline(plan).nodes.find((one) => one.name === stage);
  const byName = new Map(results.map((result) => [result.name, result]));
  const inputs = node?.kind === 'stage' ? node.inputs : [];
  const values = inputs.flatMap((path): [string, string][] => {
    const value = lookUp(path, byName);
    return value === undefined ? [] : [[path, value]];
  });
  const sources = node?.kind === 'stage' ? node.artifactsFrom : [];
  return {
    ...{ runId, plan: context.plan, stage, attempt, version: 0 },
    run: { ...run, url: '' },
    values: Object.fromEntries(values),
    artifacts: sources.flatMap((name) => byName.get(name)?.artifacts ?? []),
    previous: [],
  };
}
