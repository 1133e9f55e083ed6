import { addLegs } from '#config/pipeline/late-legs.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { putPlan } from '#store/object/put-plan.ts';
import type { Activities, Expansion } from '../contract.ts';
import type { AttemptRecords, GrowthRecords } from '../record/port.ts';
import { toFailure } from '../stage/failure.ts';
import { createPlanCache } from '../stage/plan-cache.ts';
import { describeGrowth } from './describe-growth.ts';

interface ExpandDeps {
  runs: Pick<AttemptRecords, 'findRunContext'>;
  records: GrowthRecords;
  objects: Pick<ObjectStore, 'get' | 'put' | 'stat'>;
}

/** Repeated, it answers what it has added before; while others add to the same run it looks again. */
export function createExpandMatrix(deps: ExpandDeps): Activities['expandMatrix'] {
  const loadPlan = createPlanCache(deps.objects);

  async function expand(runId: string, stage: string, lists: Record<string, string>): Promise<Expansion> {
    for (;;) {
      const { plan: from } = await deps.runs.findRunContext(runId);
      const plan = await loadPlan(from);
      const known = plan.nodes.filter((node) => node.generatedBy === stage).map((node) => node.name);
      if (known.length > 0) return { kind: 'grown', growth: describeGrowth(plan, from, known) };
      const grown = addLegs(plan, stage, lists);
      if (grown.kind === 'none') return grown;
      if (grown.kind === 'refused') {
        return { kind: 'refused', reason: { code: 'legs-refused', message: grown.message, values: lists } };
      }
      const reference = await putPlan(deps.objects, grown.plan);
      const growth = { from, plan: reference, nodes: grown.plan.nodes, added: grown.added };
      if (await deps.records.growRun(runId, growth)) {
        return { kind: 'grown', growth: describeGrowth(grown.plan, reference, grown.added) };
      }
    }
  }

  return async ({ runId, stage, lists }) => {
    try {
      return await expand(runId, stage, lists);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
