import type { ObjectReference } from '#core/attempt.ts';
import type { Plan } from '#core/plan.ts';
import { loadPlan } from '../accept/commit-run.ts';
import type { ApiContext } from '../context.ts';

type Environments = ReadonlyMap<string, string>;

/** Plans never change: what was found of one holds for ever. */
const MOST_KNOWN = 500;
const known = new WeakMap<ApiContext, Map<string, Promise<Environments>>>();

/** The environment that each gate of a plan leads to, by the gate's name. Throws when the plan cannot be read. */
export async function loadGateEnvironments(context: ApiContext, plan: ObjectReference): Promise<Environments> {
  const plans = known.get(context) ?? new Map<string, Promise<Environments>>();
  known.set(context, plans);
  const found = plans.get(plan.digest) ?? loadPlan(context, plan).then(listGateEnvironments);
  plans.set(plan.digest, found);
  const [oldest] = plans.keys();
  if (plans.size > MOST_KNOWN && oldest !== undefined) plans.delete(oldest);
  try {
    return await found;
  } catch (error) {
    plans.delete(plan.digest);
    throw error;
  }
}

/** A gate before a stage has that stage's, a gate as a node that of the stages which need it; several are none. */
function listGateEnvironments({ nodes }: Pick<Plan, 'nodes'>): Environments {
  const stages = nodes.flatMap((node) => (node.kind === 'stage' && node.environment ? [node] : []));
  const found = nodes.flatMap(({ name, gate }): [string, string][] => {
    if (gate === null) return [];
    const behind = stages.filter((stage) => stage.name === name || stage.needs.some(({ to }) => to === name));
    const [only, ...more] = new Set(behind.map(({ environment = '' }) => environment));
    return only === undefined || more.length > 0 ? [] : [[name, only]];
  });
  return new Map(found);
}
