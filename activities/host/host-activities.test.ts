import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createFakeRuntime, fakeExecutor, fakeHost } from '../executor/fake/executor.ts';
import { createMemoryClaims } from '../stage/testing/memory-claims.ts';
import { openStageBench, type StageBench } from '../stage/testing/stage-bench.ts';
import { createBackgroundWork } from './background-work.ts';
import { createHostActivities } from './host-activities.ts';

let bench: StageBench;
afterEach(() => bench.dispose());

/** A host where one run is open, and what is done there in the background. */
async function openHost(settleMs?: number, maxPrepared = 1, claims = createMemoryClaims()) {
  const runtime = createFakeRuntime();
  const background = createBackgroundWork(0);
  bench = await openStageBench({
    stages: [{ name: 'build' }],
    kind: 'fake',
    image: null,
    openExecutor: () => ({ executor: fakeExecutor(runtime), host: fakeHost(runtime) }),
  });
  const host = createHostActivities({
    hostId: 'host',
    queue: 'queue',
    leaseMs: 0,
    markKey: 'key',
    records: bench.records,
    claims,
    objects: bench.stores.objects,
    findHost: () => fakeHost(runtime),
    lease: { keep: async () => {}, drop: async () => {} },
    maxPrepared,
    background,
    ...(settleMs === undefined ? {} : { settleMs }),
    heartbeat: () => undefined,
  });
  await host.openHost({ runId: bench.runId, executor: 'fake', stages: ['build'] });
  return { runtime, background, close: () => host.closeHost({ runId: bench.runId, hostId: 'host' }) };
}

const never = new Promise<void>(() => undefined);

it('a run beyond those that may be prepared claims its host and opens nothing there', async () => {
  const { runtime, close } = await openHost(1, 0);
  expect(runtime.runs.size).toBe(0);
  await close();
});

it('what other workers of the host have left counts no more, what they hold does', async () => {
  const claims = createMemoryClaims();
  const other = { runId: 'another', hostId: 'host', queue: 'queue', leaseMs: 0 };
  await claims.claimHost(other);
  const crowded = await openHost(1, 1, claims);
  expect(crowded.runtime.runs.size).toBe(0);
  await crowded.close();
  await bench.dispose();
  await claims.releaseClaim(other);
  const { runtime } = await openHost(1, 1, claims);
  expect(runtime.runs.size).toBe(1);
});

it('a run leaves its host while removals of another one hang', async () => {
  const { runtime, background, close } = await openHost(2_147_483_647);
  background.add('another run', () => never);
  await close();
  expect(runtime.runs.size).toBe(0);
});

it('a run leaves its host although a removal of its own hangs', async () => {
  const { runtime, background, close } = await openHost(1);
  const begun = Promise.withResolvers<void>();
  background.add(bench.runId, () => {
    begun.resolve();
    return never;
  });
  await begun.promise;
  await close();
  expect(runtime.runs.size).toBe(0);
});

it('a run leaves its host after its removals that have begun, and those that have not never do', async () => {
  const { runtime, background, close } = await openHost(2_147_483_647);
  const begun = Promise.withResolvers<void>();
  let openThen = 0;
  background.add(bench.runId, async () => {
    begun.resolve();
    await delay(50);
    openThen = runtime.runs.size;
  });
  await begun.promise;
  let isLateDone = false;
  background.add(bench.runId, async () => {
    isLateDone = true;
  });
  await close();
  expect([openThen, runtime.runs.size, isLateDone]).toEqual([1, 0, false]);
});
