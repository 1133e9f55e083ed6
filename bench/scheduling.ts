import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runWorkflowId } from '#core/ids.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { startRunStack, type RunStack, type TestTenant } from '#test/env/run-stack.ts';

/**
 * How workspaces share one worker, and what becomes of triggers whose relay is killed; real Postgres, Temporal, worker
 * and relay, stages in the fake executor: `node bench/scheduling.ts [weights] [relay]`, all without a name.
 */
const RELAY = fileURLToPath(new URL('../test/scheduling/relay-main.ts', import.meta.url));
const print = (what: string, value: string) => process.stdout.write(`  ${what.padEnd(52)}${value.padStart(12)}\n`);
const stageOf = (ms: number) => [createStagePlan('build', { env: { FAKE_MS: String(ms) } })];

const CASES: Record<string, () => Promise<void>> = {
  /** Weights 1:3, 400 runs each, all of them waiting: the first 400 starts. */
  async weights() {
    const stack = await startRunStack({ maxStages: 4, relay: true });
    const tenants = [await stack.addTenant('light', 1), await stack.addTenant('heavy', 3)];
    const blockers = await triggerAll(stack, tenants[0], 4, [createStagePlan('block', { env: { FAKE_HANG: '1' } })]);
    while (stack.begins.length < 4) await pause(50);
    const owners = new Map<string, string>();
    for (const tenant of tenants) {
      for (const id of await triggerMany(stack, tenant, 400, 1)) owners.set(id, tenant.name);
    }
    for (const id of owners.keys()) while (!(await isStageScheduled(stack, id))) await pause(50);
    for (const id of blockers) await stop(stack, id);
    while (stack.begins.length < 404) await pause(20);
    const heavy = stack.begins.slice(4, 404).filter((begin) => owners.get(begin.runId) === 'heavy/heavy').length;
    print('share of the heavy workspace in 400 starts, %', ((heavy / 400) * 100).toFixed(1));
    await stack.stop();
  },

  /** 1,500 triggers while relays are killed again and again. */
  async relay() {
    const stack = await startRunStack({ maxStages: 64, relay: false });
    const tenant = await stack.addTenant('acme');
    const begunAt = performance.now();
    await triggerMany(stack, tenant, 1_500, 1);
    let kills = 0;
    while ((await countOutbox(stack)) > 0) {
      const relay = spawn(process.execPath, [RELAY, stack.databaseUrl, stack.temporalAddress], { stdio: 'ignore' });
      const before = await countOutbox(stack);
      while ((await countOutbox(stack)) > Math.max(0, before - 200)) await pause(20);
      relay.kill('SIGKILL');
      await once(relay, 'exit');
      kills++;
    }
    for (let open = 1; open > 0;) {
      await pause(200);
      const [row] = await stack.database<{ open: number }[]>`
        SELECT count(*) FILTER (WHERE status_kind <> 'ended')::int AS open FROM runs`;
      open = row?.open ?? 0;
    }
    const endings = await stack.database<{ ending: string; count: number }[]>`
      SELECT ending, count(*)::int AS count FROM runs GROUP BY ending`;
    print('relays killed', String(kills));
    print('runs ended', endings.map(({ ending, count }) => `${count} ${ending}`).join(', '));
    print('runs whose stage began once', String(new Set(stack.begins.map(({ runId }) => runId)).size));
    print('stage activities begun', String(stack.begins.length));
    print('from the first trigger to the last end, s', ((performance.now() - begunAt) / 1_000).toFixed(0));
    await stack.stop();
  },
};

function triggerAll(stack: RunStack, tenant: TestTenant | undefined, count: number, nodes: ReturnType<typeof stageOf>) {
  if (!tenant) throw new Error('no workspace to trigger runs of');
  return Promise.all(Array.from({ length: count }, () => stack.trigger(tenant, nodes)));
}

/** In portions: as many triggers at once as a server has connections. */
async function triggerMany(stack: RunStack, tenant: TestTenant, count: number, ms: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count)
    ids.push(...(await triggerAll(stack, tenant, Math.min(20, count - ids.length), stageOf(ms))));
  return ids;
}

async function countOutbox(stack: RunStack): Promise<number> {
  const [row] = await stack.database<{ count: number }[]>`SELECT count(*)::int AS count FROM outbox`;
  return row?.count ?? 0;
}

async function isStageScheduled(stack: RunStack, runId: string): Promise<boolean> {
  try {
    const { raw } = await stack.client.workflow.getHandle(runWorkflowId(runId)).describe();
    return (raw.pendingActivities ?? []).some((activity) => activity.activityType?.name === 'runStage');
  } catch {
    return false;
  }
}

async function stop(stack: RunStack, runId: string): Promise<void> {
  const cancel = { id: 'c', by: 'user:ann', force: true };
  await stack.client.workflow.getHandle(runWorkflowId(runId)).executeUpdate('cancelRun', { args: [cancel] });
}

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(CASES)) {
  const measure = CASES[name];
  if (!measure) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
  process.stdout.write(`\n${name}\n`);
  await measure();
}
