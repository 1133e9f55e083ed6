import { createHash } from 'node:crypto';
import type { ObjectReference } from '#core/attempt.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Plan, StagePlan } from '#core/plan.ts';
import type { ObjectStore } from '#store/object/port.ts';

const MAX_PLANS = 64;

/** Plans from the object store, by digest; the stages of a run share one. Throws `plan-missing`, `plan-corrupt`. */
export function createPlanCache(objects: Pick<ObjectStore, 'get'>): (reference: ObjectReference) => Promise<Plan> {
  const plans = new Map<string, Promise<Plan>>();
  return (reference) => {
    const known = plans.get(reference.digest);
    if (known) return known;
    const plan = loadPlan(objects, reference);
    plans.set(reference.digest, plan);
    plan.catch(() => plans.delete(reference.digest));
    const oldest = plans.keys().next();
    if (plans.size > MAX_PLANS && !oldest.done) plans.delete(oldest.value);
    return plan;
  };
}

async function loadPlan(objects: Pick<ObjectStore, 'get'>, reference: ObjectReference): Promise<Plan> {
  const bytes = await objects.get(reference.key);
  if (bytes === null) {
    throw new FaultError({
      code: 'plan-missing',
      message: `The plan ${reference.key} is not in the store`,
      retry: NO_RETRY,
    });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== reference.digest) {
    throw new FaultError({
      code: 'plan-corrupt',
      message: `The plan ${reference.key} is not what was stored`,
      retry: NO_RETRY,
    });
  }
  const plan: Plan = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return plan;
}

export function findStage(plan: Plan, name: string): StagePlan {
  const node = plan.nodes.find((candidate) => candidate.name === name);
  if (node?.kind === 'stage') return node;
  throw new FaultError({ code: 'stage-missing', message: `The plan has no stage "${name}"`, retry: NO_RETRY });
}
