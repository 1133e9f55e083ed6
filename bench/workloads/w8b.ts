import { setTimeout as pause } from 'node:timers/promises';
import type { Measures, Workload } from '../harness/workload.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';
import { writeSteadyStage } from './steady-lines.ts';

const PER_SECOND = 5_000;
const SECONDS = 30;
const FOLLOWERS = 3;
/** Of so many lines the lag of one is kept. */
const SAMPLED = 500;

export const w8b: Workload = {
  id: 'w8b',
  title: `${PER_SECOND.toLocaleString('en-US')} lines a second for ${SECONDS} s, with ${FOLLOWERS} followers`,
  pace: 'long',
  limitMs: 240_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      const steady = writeSteadyStage(scope, { lines: PER_SECOND * SECONDS, seconds: SECONDS });
      await server.createPipeline('steady', steady);
      return [
        {
          ...{ name: 'three followers', role: 'buildit', note: 'process executor; streams of the API on its port' },
          measure: () => measure(server),
        },
      ];
    }),
};

async function measure(server: BenchServer): Promise<Measures> {
  const { id } = await server.call<{ id: string }>('POST', 'pipelines/steady/runs', {});
  await waitForAttempt(server, id);
  const followed = await Promise.all(Array.from({ length: FOLLOWERS }, () => follow(server, id)));
  const expected = PER_SECOND * SECONDS * FOLLOWERS;
  return {
    'lag, ms': followed.flatMap(({ lags }) => lags),
    'lines not shown once and in order': expected - followed.reduce((sum, { inOrder }) => sum + inOrder, 0),
    'lines in gaps': followed.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

async function follow(server: BenchServer, id: string) {
  const lags: number[] = [];
  let [inOrder, skipped] = [0, 0];
  await server.client.stream(
    [`log:${id}/lines/1@0`],
    (event) => {
      const now = Date.now();
      if (event.event === 'gap') skipped += event.to - event.from;
      if (event.event !== 'log') return;
      for (const { text } of event.lines) {
        const [number, at] = text.split(' ', 2).map(Number);
        if (number === inOrder) inOrder++;
        if (number !== undefined && at !== undefined && number % SAMPLED === 0) lags.push(now - at);
      }
    },
    AbortSignal.timeout((SECONDS + 60) * 1_000),
    null,
  );
  return { lags, inOrder, skipped };
}

async function waitForAttempt(server: BenchServer, id: string): Promise<void> {
  for (;;) {
    const [stage] = await server.client.listStages(id);
    if (stage?.status.kind === 'running') return;
    await pause(20);
  }
}
