import type { Measures, Workload } from '../harness/workload.ts';
import { watchGrowth } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';
import { writeSteadyStage } from './steady-lines.ts';

const LINES = 1_000_000;
const SECONDS = 30;
const FOLLOWERS = 3;

/** A million lines in 30 s with three who follow: whether each sees every line once and in order, and what the API grows by. */
export const w8d: Workload = {
  id: 'w8d',
  title: `${LINES.toLocaleString('en-US')} lines in ${SECONDS} s, with ${FOLLOWERS} followers`,
  pace: 'long',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      await server.createPipeline('million', writeSteadyStage(scope, { lines: LINES, seconds: SECONDS }));
      return [
        {
          ...{ name: 'three followers', role: 'buildit', note: 'process executor; streams of the API on its port' },
          measure: () => measure(server),
        },
      ];
    }),
};

async function measure(server: BenchServer): Promise<Measures> {
  const begun = performance.now();
  const { id } = await server.call<{ id: string }>('POST', 'pipelines/million/runs', {});
  const { result: seen, grewMb } = await watchGrowth(server, 'api', () =>
    Promise.all(Array.from({ length: FOLLOWERS }, () => follow(server, id))),
  );
  return {
    'until all have the last line, s': (performance.now() - begun) / 1_000,
    'lines seen once and in order, fewest': Math.min(...seen.map(({ inOrder }) => inOrder)),
    'lines seen again or out of order': seen.reduce((sum, { others }) => sum + others, 0),
    'gaps told': seen.reduce((sum, { gaps }) => sum + gaps, 0),
    'api grew, MB': grewMb,
  };
}

async function follow(server: BenchServer, id: string) {
  let [inOrder, others, gaps] = [0, 0, 0];
  await server.client.stream(
    [`log:${id}/lines/1@0`],
    (event) => {
      if (event.event === 'gap') gaps++;
      if (event.event !== 'log') return;
      const whole = event.partial ? event.lines.slice(0, -1) : event.lines;
      for (const { text } of whole) {
        if (Number(text.split(' ', 1)[0]) === inOrder) inOrder++;
        else others++;
      }
    },
    AbortSignal.timeout(300_000),
    null,
  );
  return { inOrder, others, gaps };
}
