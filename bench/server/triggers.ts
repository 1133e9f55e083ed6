import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../quantile.ts';
import type { BenchServer } from './open-server.ts';

const TEXT = 'stage "build" {\n  executor "process"\n  run "true"\n}\n';

/**
 * Triggers at a steady rate and as a burst, from the moment each was due: a server that falls behind is not forgiven for
 * the time it made the next one wait. Then every accepted run is counted against those that ended.
 */
export async function measureTriggers(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('triggers', TEXT);
  await server.call('POST', 'pipelines/triggers/runs', {});
  const steady = await fire(server, 50, 60_000);
  const steadyEnd = await drain(server);
  const burst = await fire(server, 150, 10_000);
  const burstEnd = await drain(server);
  return {
    'triggers at 50/s for 60 s, accepted': steady.accepted,
    'p50 ms': quantile(steady.latencies, 0.5),
    'p99 ms': quantile(steady.latencies, 0.99),
    'runs not ended': steadyEnd.open,
    'runs/s ended while and after': steady.accepted / ((steady.tookMs + steadyEnd.tookMs) / 1_000),
    'burst of 1,500 in 10 s, accepted': burst.accepted,
    'burst p99 ms': quantile(burst.latencies, 0.99),
    'burst runs not ended': burstEnd.open,
    'runs that did not pass': await countOthers(server),
    'burst runs/s': burst.accepted / ((burst.tookMs + burstEnd.tookMs) / 1_000),
  };
}

async function fire(server: BenchServer, perSecond: number, forMs: number) {
  const count = Math.round((perSecond * forMs) / 1_000);
  const begun = performance.now();
  const latencies: number[] = [];
  const calls: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const due = begun + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    calls.push(
      server.call('POST', 'pipelines/triggers/runs', { branch: 'main' }).then(() => {
        latencies.push(performance.now() - due);
      }),
    );
  }
  const settled = await Promise.allSettled(calls);
  return {
    latencies,
    accepted: settled.filter(({ status }) => status === 'fulfilled').length,
    tookMs: performance.now() - begun,
  };
}

/** Waits for the end of what was accepted; gives up when a minute brings nothing. */
async function drain(server: BenchServer): Promise<{ open: number; tookMs: number }> {
  const begun = performance.now();
  let left = Number.POSITIVE_INFINITY;
  let movedAt = begun;
  for (;;) {
    const [row] = await server.database<{ open: number }[]>`
      SELECT count(*)::int AS open FROM runs WHERE status_kind <> 'ended'`;
    const open = row?.open ?? 0;
    if (open < left) movedAt = performance.now();
    left = open;
    if (open === 0 || performance.now() - movedAt > 60_000) return { open, tookMs: performance.now() - begun };
    await pause(500);
  }
}

async function countOthers(server: BenchServer): Promise<number> {
  const [row] = await server.database<{ others: number }[]>`
    SELECT count(*)::int AS others FROM runs WHERE ending IS DISTINCT FROM 'passed'`;
  return row?.others ?? 0;
}
