import type { ObjectReference, Reason } from '#core/attempt.ts';
import { MAX_CHILD_DEPTH } from '#core/child-run.ts';
import type { Plan } from '#core/plan.ts';
import type { ChildRecords, PipelineRecord } from '../record/child-records.ts';

/** Runs that wait for the one that is to start, the nearest first. */
type Chain = Awaited<ReturnType<ChildRecords['listParents']>>;

/** A pipeline that one of its own runs waits for would never end. */
export function findCircle(chain: Chain, pipeline: PipelineRecord, name: string): Reason | null {
  const isSame = (one: Chain[number]) =>
    pipeline.kind === 'server' ? one.pipelineId === pipeline.id : one.path === pipeline.path;
  if (chain.some(isSame)) {
    return {
      code: 'child-circle',
      message: `the pipeline "${name}" waits for this run already: it would start itself`,
    };
  }
  if (chain.length < MAX_CHILD_DEPTH) return null;
  return { code: 'child-too-deep', message: `runs start runs at most ${MAX_CHILD_DEPTH} deep` };
}

/** A run that wants a place which one that waits for it has would wait for ever, as KDL073 says of one file. */
export async function findHeldGroup(
  chain: Chain,
  startedBy: string,
  child: Plan,
  loadPlan: (reference: ObjectReference) => Promise<Plan>,
): Promise<Reason | null> {
  const wanted = new Set([child, ...child.nodes].flatMap((one) => groupOf(one) ?? []));
  if (wanted.size === 0) return null;
  let stage: string | null = startedBy;
  for (const run of chain) {
    const plan = await loadPlan(run.plan);
    const holder = plan.nodes.find((node) => node.name === stage);
    const group = [plan, holder].flatMap((one) => groupOf(one) ?? []).find((one) => wanted.has(one));
    if (group !== undefined) {
      const message = `it would wait for a place of the group "${group}", which a run that waits for it has`;
      return { code: 'child-circle', message };
    }
    stage = run.parentStage;
  }
  return null;
}

function groupOf(one: Plan | Plan['nodes'][number] | undefined): string | null {
  return one && 'concurrency' in one ? (one.concurrency?.group ?? null) : null;
}
