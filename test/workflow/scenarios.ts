import type { AskedChange } from '#core/change.ts';
import type { Outline } from '#core/outline.ts';
import type { RunState } from '#core/run.ts';
import { cancelRunUpdate, changeRunUpdate, decideGateUpdate, stateQuery } from '#workflows/messages.ts';
import { hang, type Harness, letGo, type StartedRun } from './harness.ts';
import { gate, gateRules, needs, outlineOf, stage } from './outlines.ts';

/** A run that shows one feature, for the corpus of histories that every later release must replay. */
export interface Scenario {
  name: string;
  /** Of the server, beside the usual. */
  settings?: readonly string[];
  prepare(harness: Harness): void;
  outline: Outline;
  /** What people do to it while it runs. */
  act?(harness: Harness, run: StartedRun): Promise<void>;
}

const nothing = () => {};
const GROWN = { key: 'plans/grown.json', digest: 'grown', bytes: 1 };
const legs = ['test[n=1]', 'test[n=2]', 'test[n=3]'];
const retry = { on: 'failed', limit: 1, exit: [], logMatch: null, backoffMs: 100, factor: 1, maxMs: null } as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'sequence-with-outputs',
    prepare: (harness) => harness.behave('build', () => ({ outputs: { tag: 'v1' } })),
    outline: outlineOf([stage('build'), stage('ship', { needs: needs('build'), reads: ['stages.build.outputs.tag'] })]),
  },
  {
    name: 'host-with-the-claim',
    prepare: (harness) => harness.beOnlyHost(true),
    outline: outlineOf([stage('a', { executor: 'process' }), stage('b', { executor: 'process', needs: needs('a') })]),
  },
  {
    name: 'diamond',
    prepare: nothing,
    outline: outlineOf([
      stage('a'),
      stage('b', { needs: needs('a') }),
      stage('c', { needs: needs('a') }),
      stage('d', { needs: needs('b', 'c') }),
    ]),
  },
  {
    name: 'retry-then-failure-then-finally',
    prepare: (harness) => harness.behave('flaky', () => ({ ending: 'failed', exitCode: 1 })),
    outline: outlineOf([
      stage('flaky', { retry: [{ ...retry, exit: [] }] }),
      stage('after', { needs: needs('flaky') }),
      stage('alert', { runOn: 'failure' }),
      stage('clean', { runOn: 'always' }),
    ]),
  },
  {
    name: 'matrix-fail-fast',
    prepare(harness) {
      harness.behave('test[n=1]', () => ({ ending: 'failed', exitCode: 1 }));
      harness.behave('test[n=2]', hang);
    },
    outline: outlineOf(
      legs.map((name) => stage(name)),
      { groups: { test: { legs, failFast: true, maxParallel: 2 } } },
    ),
  },
  {
    name: 'gate-approved-by-two',
    prepare: nothing,
    outline: outlineOf([
      gate('ship', { approve: [{ from: 'team:sre', min: 2 }], expiresMs: 86_400_000, remindMs: 3_600_000 }),
      stage('deploy', { needs: needs('ship'), gate: gateRules({ manual: true }) }),
    ]),
    async act(harness, run) {
      await decide(harness, run, 'ship', 'user:ann');
      await decide(harness, run, 'ship', 'user:bob');
      await decide(harness, run, 'deploy', 'user:cid');
    },
  },
  {
    name: 'late-condition-and-time-limit',
    prepare: (harness) => harness.behave('slow', hang),
    outline: outlineOf(
      [
        stage('first'),
        stage('slow', {
          needs: needs('first'),
          when: { kind: 'late', expression: 'success()', reads: [], facts: {} },
        }),
      ],
      { timeoutMs: 1_000 },
    ),
  },
  {
    name: 'cancelled',
    prepare: (harness) => harness.behave('hangs', hang),
    outline: outlineOf([
      stage('hangs'),
      stage('next', { needs: needs('hangs') }),
      stage('last', { runOn: 'always', needs: [{ to: 'next', on: 'any' }] }),
    ]),
    async act(harness, run) {
      await waitFor(harness, run, (state) => state.nodes[0]?.status.kind === 'running');
      await cancel(harness, run);
    },
  },
  {
    name: 'changed-while-open',
    prepare(harness) {
      harness.behave('slow', hang);
      harness.behave('flaky', (task) => (task.attempt === 1 ? { ending: 'failed', exitCode: 1 } : {}));
    },
    outline: outlineOf(
      [
        stage('slow'),
        stage('flaky'),
        stage('after', { needs: needs('flaky') }),
        stage('lint', { needs: needs('slow') }),
        gate('ship', { expiresMs: 86_400_000 }),
      ],
      { timeoutMs: 3_600_000 },
    ),
    async act(harness, run) {
      const handle = harness.client.workflow.getHandle(run.workflowId);
      const changes: AskedChange[] = [
        { kind: 'pause', id: '1', by: 'user:ann', reason: null },
        { kind: 'extend', id: '2', by: 'user:ann', stage: null, ms: 60_000 },
        { kind: 'skip', id: '3', by: 'user:ann', stage: 'lint', reason: 'not now' },
        { kind: 'retry', id: '4', by: 'user:ann', stage: 'flaky' },
        { kind: 'resume', id: '5', by: 'user:ann' },
      ];
      await waitFor(harness, run, (state) => state.nodes[1]?.status.kind === 'ended');
      for (const change of changes) await handle.executeUpdate(changeRunUpdate, { args: [change] });
      await waitFor(harness, run, (state) => state.nodes[2]?.status.kind === 'ended');
      await handle.executeUpdate(cancelRunUpdate, { args: [{ id: 'cancel', by: 'user:ann', force: false }] });
    },
  },
  {
    name: 'grows-and-takes-turns',
    prepare(harness) {
      const added = [stage('unit', { needs: needs('plan'), generatedBy: 'plan' })];
      harness.behave('plan', () => ({ outputs: { list: '["1"]' }, growth: { plan: GROWN, nodes: added, groups: {} } }));
      const leg = stage('test[n=1]', { needs: needs('plan'), generatedBy: 'test' });
      const group = { legs: ['test[n=1]'], failFast: true, maxParallel: null };
      harness.expand('test', () => ({
        kind: 'grown',
        growth: { plan: GROWN, nodes: [leg], groups: { test: group } },
      }));
      harness.environments.set('live', { kind: 'open' });
    },
    outline: outlineOf(
      [
        stage('plan'),
        stage('test', {
          ...{ needs: needs('plan'), reads: ['stages.plan.outputs.list'] },
          lateMatrix: { axes: [{ name: 'n', from: 'stages.plan.outputs.list' }], exclude: [], include: [] },
        }),
        stage('deploy', {
          ...{ needs: needs('plan', 'test'), environment: 'live' },
          concurrency: { group: 'scenario-stage', limit: 1, whenBusy: 'queue' },
        }),
      ],
      { concurrency: { group: 'scenario-run', limit: 1, whenBusy: 'cancel-running' } },
    ),
  },
  // Of the same name with `before`: recorded by the last commit without the change (workflows/patches.ts).
  {
    name: 'after-continues-as-new',
    settings: ['limit.historyCount.suggestContinueAsNew=30'],
    prepare: nothing,
    outline: outlineOf(
      Array.from({ length: 9 }, (_, index) => stage(`q${index}`, { needs: index === 0 ? [] : needs(`q${index - 1}`) })),
    ),
  },
  {
    name: 'after-ends-what-was-cancelled',
    prepare: (harness) => harness.behave('left', letGo),
    outline: outlineOf([stage('left')]),
    async act(harness, run) {
      await waitFor(harness, run, () => harness.ledger.some(({ runId }) => runId === run.runId));
      await cancel(harness, run);
    },
  },
];

async function cancel(harness: Harness, { workflowId }: StartedRun): Promise<void> {
  await harness.client.workflow
    .getHandle(workflowId)
    .executeUpdate(cancelRunUpdate, { args: [{ id: 'cancel', by: 'user:local', force: false }] });
}

async function decide(harness: Harness, run: StartedRun, name: string, id: string): Promise<void> {
  await waitFor(harness, run, (state) => state.gates.some((open) => open.name === name));
  const at = '2026-01-01T00:00:00.000Z';
  const actor = { id, teams: ['sre'], verified: true };
  const decision = { id, verdict: 'approve' as const, actor, comment: null, fields: {}, planDigest: 'digest', at };
  await harness.client.workflow
    .getHandle(run.workflowId)
    .executeUpdate(decideGateUpdate, { updateId: id, args: [name, decision] });
}

async function waitFor(harness: Harness, run: StartedRun, isThere: (state: RunState) => boolean): Promise<void> {
  const handle = harness.client.workflow.getHandle(run.workflowId);
  while (!isThere(await handle.query(stateQuery)));
}
