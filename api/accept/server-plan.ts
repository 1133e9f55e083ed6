import { createHash } from 'node:crypto';
import type { TriggerFacts } from '#config/pipeline/facts.ts';
import type { ObjectReference } from '#core/attempt.ts';
import type { GitFacts, Plan } from '#core/plan.ts';
import type { ApiContext } from '../context.ts';
import { fileOf, refuseText } from '../pipelines/check-text.ts';
import { storePlan } from './commit-run.ts';

/** What decides about the plan of a run of a pipeline on the server. */
export interface PlanInput {
  name: string;
  text: string;
  /** SHA-256 of the text. */
  digest: string;
  trigger: string;
  branch: string | null;
  commit: string | null;
  params: Record<string, string>;
  stages: string[];
  /** Lowest layer of the environment. */
  env: Record<string, string>;
}

export interface StoredPlan {
  plan: Plan;
  reference: ObjectReference;
}

/** Plans that were made last, and their nodes in all: one alone may have 5,000. */
const KEPT = { plans: 200, nodes: 100_000 };

const plansOf = new WeakMap<ApiContext, Map<string, StoredPlan>>();

/**
 * The plan of a text and the facts of a trigger, kept in the store. Compiling is pure, so that what was compiled last is
 * not compiled again: a pipeline is often triggered with the same facts. Throws 422 `pipeline-invalid`.
 */
export async function planRun(context: ApiContext, input: PlanInput): Promise<StoredPlan> {
  const plans = plansOf.get(context) ?? new Map<string, StoredPlan>();
  plansOf.set(context, plans);
  const key = createHash('sha256')
    .update(JSON.stringify({ ...input, text: '' }))
    .digest('hex');
  const known = plans.get(key);
  if (known) return known;
  const { plan, diagnostics } = context.compile({
    file: fileOf(input.name),
    text: input.text,
    facts: createFacts(input),
    params: input.params,
    executor: null,
    stages: input.stages,
  });
  if (!plan) throw refuseText(input.name, diagnostics);
  const stored = { plan, reference: await storePlan(context, plan) };
  plans.set(key, stored);
  let nodes = [...plans.values()].reduce((sum, one) => sum + one.plan.nodes.length, 0);
  for (const [oldest, one] of plans) {
    if (plans.size <= KEPT.plans && nodes <= KEPT.nodes) break;
    plans.delete(oldest);
    nodes -= one.plan.nodes.length;
  }
  return stored;
}

function createFacts({ trigger, branch, commit, env }: PlanInput): TriggerFacts {
  return { git: branch === null && commit === null ? null : createGit(branch, commit), trigger, pr: null, env };
}

/** Without a repository nobody can look more up: what was given stands there as given. */
function createGit(branch: string | null, commit: string | null): GitFacts {
  return {
    sha: commit ?? '',
    shortSha: commit?.slice(0, 7) ?? '',
    branch,
    tag: null,
    ref: branch === null ? null : `refs/heads/${branch}`,
    message: '',
    author: '',
    base: null,
    dirty: false,
  };
}
