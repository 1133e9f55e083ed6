import { createHash } from 'node:crypto';
import type { Edge, GatePlan, Plan, PlanNode, StagePlan } from '#core/plan.ts';

/** A stage of a plan that a test writes by hand: one step that says hello, no limits. */
export function createStagePlan(name: string, changes: Partial<StagePlan> = {}): StagePlan {
  return {
    kind: 'stage',
    name,
    needs: [],
    runOn: 'success',
    ifAllSkipped: 'skip',
    when: null,
    reads: [],
    stage: name,
    leg: null,
    index: 1,
    executor: 'fake',
    image: null,
    shell: ['sh', '-e'],
    steps: [{ script: 'echo hello', title: 'echo hello', line: 1 }],
    env: {},
    secrets: [],
    workdir: null,
    user: null,
    resources: { cpu: null, memory: null, pids: null, disk: null },
    timeoutMs: null,
    graceMs: 10_000,
    retry: [],
    allowFailure: null,
    artifacts: [],
    artifactsFrom: [],
    gate: null,
    ...changes,
  };
}

export function createGatePlan(name: string, changes: Partial<GatePlan> = {}): GatePlan {
  return {
    kind: 'gate',
    name,
    needs: [],
    runOn: 'success',
    ifAllSkipped: 'skip',
    when: null,
    reads: [],
    gate: {
      approve: [{ from: 'user:ann', min: 1 }],
      noSelf: false,
      fields: [],
      expiresMs: null,
      onExpire: 'reject',
      remindMs: null,
      window: null,
      manual: false,
    },
    ...changes,
  };
}

/** Edges that want success. */
export function needs(...names: string[]): Edge[] {
  return names.map((to) => ({ to, on: 'success' }));
}

export function createPlan(nodes: PlanNode[], changes: Partial<Plan> = {}): Plan {
  const plan = {
    version: 1 as const,
    pipeline: { name: 'demo' },
    file: 'demo.kdl',
    params: {},
    git: null,
    nodes,
    groups: {},
    secrets: [],
    notices: [],
    ...changes,
  };
  return { ...plan, digest: createHash('sha256').update(JSON.stringify(plan)).digest('hex') };
}
