import type { GateRules } from '#core/gate.ts';
import type { Outline, OutlineNode, OutlineStage } from '#core/outline.ts';
import type { GatePlan } from '#core/plan.ts';
import type { RunInput } from '#core/run.ts';

/** A stage of an outline: everything at its default but what the test says. */
export function stage(name: string, given: Partial<OutlineStage> = {}): OutlineStage {
  return {
    kind: 'stage',
    name,
    stage: name.replace(/\[.*/, ''),
    needs: [],
    runOn: 'success',
    ifAllSkipped: 'skip',
    when: null,
    reads: [],
    executor: 'fake',
    timeoutMs: null,
    graceMs: 1_000,
    retry: [],
    allowFailure: null,
    artifactsFrom: [],
    gate: null,
    inputs: given.reads ?? [],
    ...given,
  };
}

/** Edges that want success. */
export function needs(...names: string[]) {
  return names.map((to) => ({ to, on: 'success' as const }));
}

export function gateRules(given: Partial<GateRules> = {}): GateRules {
  return {
    approve: [],
    noSelf: false,
    fields: [],
    expiresMs: null,
    onExpire: 'reject',
    remindMs: null,
    window: null,
    manual: false,
    ...given,
  };
}

export function gate(name: string, rules: Partial<GateRules>, given: Partial<GatePlan> = {}): GatePlan {
  return {
    kind: 'gate',
    name,
    needs: [],
    runOn: 'success',
    ifAllSkipped: 'skip',
    when: null,
    reads: [],
    gate: gateRules(rules),
    ...given,
  };
}

export function outlineOf(nodes: OutlineNode[], given: Partial<Outline> = {}): Outline {
  return { digest: 'digest', name: 'test', timeoutMs: null, nodes, groups: {}, ...given };
}

export function runInput(runId: string, outline: Outline, given: Partial<RunInput> = {}): RunInput {
  return {
    runId,
    workspace: 'main/main',
    run: { label: 'local/1', number: 1, attempt: 1, url: '', trigger: 'local' },
    plan: { key: 'plans/digest.json', digest: 'digest', bytes: 0 },
    outline,
    maxParallel: null,
    carried: {},
    startedBy: 'user:local',
    ...given,
  };
}
