import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Measures, Workload } from '../harness/workload.ts';
import { measureMemory } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';

const LINES = 1_000_000;
const SECONDS = 30;
const FOLLOWERS = 3;

/** Prints so many lines in so many seconds, at a steady rate. */
const PROGRAM = `
const begun = Date.now();
let printed = 0;
const timer = setInterval(() => {
  const due = Math.min(${LINES}, Math.floor(((Date.now() - begun) * ${LINES / SECONDS}) / 1000));
  let text = "";
  for (; printed < due; printed++) text += printed + " " + "x".repeat(90) + "\\n";
  if (text !== "") process.stdout.write(text);
  if (printed === ${LINES}) clearInterval(timer);
}, 10);
`;

/** A million lines in 30 s with three who follow: whether each sees every line once and in order, and what the API grows by. */
export const w8d: Workload = {
  id: 'w8d',
  title: `${LINES.toLocaleString('en-US')} lines in ${SECONDS} s, with ${FOLLOWERS} followers`,
  pace: 'long',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      const program = join(scope.folder, 'lines.cjs');
      writeFileSync(program, PROGRAM);
      const script = `exec "${process.execPath}" "${program}"`;
      await server.createPipeline('million', `stage "lines" { executor "process"; run #"${script}"# }\n`);
      return [
        {
          ...{ name: 'three followers', role: 'buildit', note: 'process executor; streams of the API on its port' },
          measure: () => measure(server),
        },
      ];
    }),
};

async function measure(server: BenchServer): Promise<Measures> {
  const base = measureMemory(server)['api, MB'] ?? Number.NaN;
  const begun = performance.now();
  const { id } = await server.call<{ id: string }>('POST', 'pipelines/million/runs', {});
  let isOver = false;
  const following = Promise.all(Array.from({ length: FOLLOWERS }, () => follow(server, id)));
  const done = following.finally(() => (isOver = true));
  let peak = 0;
  while (!isOver) {
    peak = Math.max(peak, measureMemory(server)['api, MB'] ?? 0);
    await pause(250);
  }
  const seen = await done;
  return {
    'until all have the last line, s': (performance.now() - begun) / 1_000,
    'lines seen once and in order, fewest': Math.min(...seen.map(({ inOrder }) => inOrder)),
    'lines seen again or out of order': seen.reduce((sum, { others }) => sum + others, 0),
    'gaps told': seen.reduce((sum, { gaps }) => sum + gaps, 0),
    'api grew, MB': peak - base,
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
