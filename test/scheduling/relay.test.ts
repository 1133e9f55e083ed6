import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { startRunStack, type RunStack, type TestTenant } from '#test/env/run-stack.ts';

const ENTRY = fileURLToPath(new URL('relay-main.ts', import.meta.url));
/** The whole figure is in bench/scheduling.ts. */
const RUNS = 60;

describeWith(['temporal'], 'triggers while relays are killed', () => {
  let stack: RunStack;
  let tenant: TestTenant;
  const relays = new Set<ChildProcess>();
  beforeAll(async () => {
    stack = await startRunStack({ maxStages: 32, relay: false });
    tenant = await stack.addTenant('acme');
  });
  afterAll(async () => {
    for (const relay of relays) relay.kill('SIGKILL');
    await stack.stop();
  });

  const startOne = () => {
    const relay = spawn(process.execPath, [ENTRY, stack.databaseUrl, stack.temporalAddress], { stdio: 'ignore' });
    relays.add(relay);
    return relay;
  };
  const count = async (what: 'outbox' | 'open'): Promise<number> => {
    const [row] =
      what === 'outbox'
        ? await stack.database<{ count: number }[]>`SELECT count(*)::int AS count FROM outbox`
        : await stack.database<{ count: number }[]>`
            SELECT count(*)::int AS count FROM runs WHERE status_kind <> 'ended'`;
    return row?.count ?? 0;
  };

  test('every accepted run is started, and its stage runs once', async () => {
    for (let index = 0; index < RUNS; index++) await stack.trigger(tenant, [createStagePlan('build')]);
    for (let left = RUNS - 10; left > 0; left -= 20) {
      const relay = startOne();
      await expect.poll(() => count('outbox'), { timeout: 20_000 }).toBeLessThan(left);
      relay.kill('SIGKILL');
      await once(relay, 'exit');
      relays.delete(relay);
    }
    for (let index = 0; index < 2; index++) startOne();
    await expect.poll(() => count('outbox'), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => count('open'), { timeout: 60_000 }).toBe(0);
    const endings = await stack.database<{ ending: string; count: number }[]>`
      SELECT ending, count(*)::int AS count FROM runs GROUP BY ending`;
    expect(endings).toEqual([{ ending: 'passed', count: RUNS }]);
    expect(stack.begins).toHaveLength(RUNS);
    expect(new Set(stack.begins.map((begin) => begin.runId)).size).toBe(RUNS);
  }, 120_000);

  test('a workspace runs as many stages at once as its quota says, the next ones wait and follow', async () => {
    const limited = await stack.addTenant('limited');
    await stack.database`
      INSERT INTO quotas (workspace_id, kind, value, updated_by)
      VALUES (${limited.workspaceId}, 'stages-at-once', 2, 'user:ann')`;
    const stages = Array.from({ length: 4 }, (_, index) => createStagePlan(`s${index}`, { env: { FAKE_MS: '60' } }));
    const runs = [await stack.trigger(limited, stages), await stack.trigger(limited, stages)];
    let most = 0;
    await expect
      .poll(
        async () => {
          const [row] = await stack.database<{ running: number; left: number }[]>`
            SELECT count(*) FILTER (WHERE status_kind = 'running')::int AS running,
              count(*) FILTER (WHERE status_kind <> 'ended')::int AS left
            FROM stages WHERE workspace_id = ${limited.workspaceId}`;
          most = Math.max(most, row?.running ?? 0);
          return row?.left;
        },
        { timeout: 30_000, interval: 5 },
      )
      .toBe(0);
    expect(most).toBe(2);
    const waited = await stack.database`
      SELECT name FROM events
      WHERE run_id IN ${stack.database(runs)} AND status ->> 'kind' = 'queued'
        AND status -> 'reason' ->> 'code' = 'quota'`;
    expect(waited.length).toBeGreaterThanOrEqual(4);
    expect(await stack.database`SELECT stage FROM slots`).toEqual([]);
  }, 60_000);
});
