import type { AttemptResult, StageTask } from '#core/attempt.ts';
import { faultOf } from '#core/fault.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { putPlan } from '#store/object/put-plan.ts';
import { describeGrowth } from '../growth/describe-growth.ts';
import type { AttemptEnd, AttemptRecords } from '../record/port.ts';
import type { CurrentPlan } from './written-stages.ts';

export interface EndDeps {
  records: Pick<AttemptRecords, 'attemptEnded'>;
  objects: Pick<ObjectStore, 'put' | 'stat'>;
  loadCurrent(): Promise<CurrentPlan>;
}

/**
 * Records the end of an attempt. With it come the stages that a generator has written, all or nothing; while others add
 * to the same run, they are added to what the run is by then, and the attempt is failed when they no longer fit.
 */
export async function endAttempt(
  deps: EndDeps,
  { runId, stage, attempt, version }: StageTask,
  create: (result: Pick<AttemptResult, 'growth'> & { refusal: AttemptResult['reason'] }) => AttemptEnd,
  text: string | null,
): Promise<AttemptResult> {
  const key = { runId, stage, attempt, version };
  if (text === null) return deps.records.attemptEnded(key, create({ refusal: null }));
  const { growPlan, reasonOf } = await import('./generated-stages.ts');
  for (;;) {
    const current = await deps.loadCurrent();
    const grown = growPlan(current, stage, text);
    if (grown.kind === 'refused') {
      return deps.records.attemptEnded(key, create({ refusal: reasonOf(grown.diagnostics) }));
    }
    const plan = grown.plan === current.plan ? current.reference : await putPlan(deps.objects, grown.plan);
    const end = create({ refusal: null, growth: describeGrowth(grown.plan, plan, grown.added) });
    const growth = { from: current.reference, plan, nodes: grown.plan.nodes, added: grown.added };
    try {
      return await deps.records.attemptEnded(key, grown.plan === current.plan ? end : { ...end, growth });
    } catch (error) {
      if (faultOf(error)?.code !== 'plan-moved') throw error;
    }
  }
}
