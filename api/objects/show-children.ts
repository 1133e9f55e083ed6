import type { StageObject } from '#core/rest.ts';
import { listChildRuns } from '#db/queries/child-runs.ts';
import type { Scoped } from '#db/scope.ts';

/** Names the runs that stages of this one have started. Such a stage has no attempts: most runs ask nothing here. */
export async function showChildren(scoped: Scoped, runId: string, stages: StageObject[]): Promise<StageObject[]> {
  const mayHave = ({ kind, attempts, status, reason }: StageObject) =>
    kind === 'stage' && attempts.length === 0 && (status.kind === 'running' || reason?.code === 'child-run');
  if (!stages.some(mayHave)) return stages;
  const children = new Map(
    (await listChildRuns(scoped, runId)).map(({ stage, id: run, label }) => [stage, { run, label }]),
  );
  return stages.map((stage) => {
    const child = children.get(stage.name);
    return child ? { ...stage, child } : stage;
  });
}
