import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import type { PlanNode } from '#core/plan.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createStagePlan, needs } from '#test/env/plan.ts';
import { startRunStack, type RunStack, type TestTenant } from '#test/env/run-stack.ts';

/** Stages that do nothing, one after the other. */
const sequence = (count: number): PlanNode[] =>
  Array.from({ length: count }, (_, index) =>
    createStagePlan(`s${index}`, index === 0 ? {} : { needs: needs(`s${index - 1}`) }),
  );

/** One, so many side by side, one. */
const fanOut = (count: number): PlanNode[] => {
  const middle = Array.from({ length: count }, (_, index) => `m${index}`);
  return [
    createStagePlan('first'),
    ...middle.map((name) => createStagePlan(name, { needs: needs('first') })),
    createStagePlan('last', { needs: needs(...middle) }),
  ];
};

/** What is written, whatever the machine (performance.md P108). A commit is a transaction that writes a table of runs. */
interface Cost {
  events: number;
  bytes: number;
  commits: number;
}

describeWith(['temporal'], 'what a run costs', () => {
  let stack: RunStack;
  let tenant: TestTenant;
  beforeAll(async () => {
    stack = await startRunStack({ maxStages: 100, relay: true });
    tenant = await stack.addTenant('counted');
    await countCommits(stack);
    // What is only once for a worker or a pipeline.
    await measure(sequence(1));
  });
  afterAll(() => stack.stop());

  async function measure(nodes: PlanNode[]): Promise<Cost> {
    const before = await readCommits(stack);
    const id = await stack.trigger(tenant, nodes);
    while (!(await isEnded(stack, id))) await pause(20);
    const handle = stack.client.workflow.getHandle(runWorkflowId(id));
    await handle.result();
    const { historyLength: events, historySize: bytes = Number.NaN } = await handle.describe();
    return { events, bytes, commits: (await readCommits(stack)) - before };
  }

  const shareOf = (more: Cost, less: Cost, stages: number): Cost => ({
    events: (more.events - less.events) / stages,
    bytes: (more.bytes - less.bytes) / stages,
    commits: (more.commits - less.commits) / stages,
  });

  test('one stage costs at most 30 events, 10 kB of history and 10 commits', async () => {
    expectAtMost(await measure(sequence(1)), { events: 30, bytes: 10_000, commits: 10 });
  });

  test('in sequence a stage adds at most 6 events, 4 kB of history and 4 commits', async () => {
    const share = shareOf(await measure(sequence(20)), await measure(sequence(10)), 10);
    expectAtMost(share, { events: 6, bytes: 4_000, commits: 4 });
  });

  // How many ends come into one task of the workflow is the machine's: of 3 events at best to 8.
  test('side by side a stage adds at most 8 events, 4 kB of history and 6 commits', async () => {
    const share = shareOf(await measure(fanOut(60)), await measure(fanOut(20)), 40);
    expectAtMost(share, { events: 8, bytes: 4_000, commits: 6 });
  });
});

function expectAtMost(cost: Cost, most: Cost): void {
  for (const name of ['events', 'bytes', 'commits'] as const) {
    expect(cost[name], name).toBeGreaterThan(0);
    expect(cost[name], name).toBeLessThanOrEqual(most[name]);
  }
}

/** Notes each transaction that writes a table of runs. */
async function countCommits({ database }: RunStack): Promise<void> {
  await database.unsafe(`
    CREATE UNLOGGED TABLE written (transaction xid8 NOT NULL);
    CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN INSERT INTO public.written VALUES (pg_current_xact_id()); RETURN NULL; END $$;
  `);
  for (const table of ['runs', 'stages', 'attempts', 'events', 'outbox']) {
    await database.unsafe(`CREATE TRIGGER note_write AFTER INSERT OR UPDATE OR DELETE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION note_write()`);
  }
}

async function readCommits({ database }: RunStack): Promise<number> {
  const [row] = await database<{ count: number }[]>`SELECT count(DISTINCT transaction)::int AS count FROM written`;
  return row?.count ?? Number.NaN;
}

async function isEnded({ database }: RunStack, id: string): Promise<boolean> {
  const [run] = await database<{ kind: string }[]>`SELECT status_kind AS kind FROM runs WHERE id = ${id}`;
  return run?.kind === 'ended';
}
