import { spawnSync } from 'node:child_process';
import { quantile } from '../quantile.ts';
import type { BenchServer } from './open-server.ts';

const ROUNDS = 15;
const one = 'stage "a" {\n  image "busybox:1.37"\n  run "echo hi"\n}\n';
const two = `${one}stage "b" needs="a" {\n  image "busybox:1.37"\n  run "echo hi"\n}\n`;

/** From the request to the end as a client sees it that watches, beside `docker run` of the same in the same round. */
export async function measureLatency(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('one', one);
  await server.createPipeline('two', two);
  const cases = { docker: runDocker, one: () => runAndWatch(server, 'one'), two: () => runAndWatch(server, 'two') };
  for (const measure of Object.values(cases)) await measure();
  const took: Record<keyof typeof cases, number[]> = { docker: [], one: [], two: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['docker', 'one', 'two'] as const) {
      took[name].push(await cases[name]());
      // What a run leaves to be removed is not charged to the next case.
      await server.client.listRuns({ limit: 1, cursor: null });
      await settle();
    }
  }
  const ratios = (name: 'one' | 'two') => took[name].map((ms, round) => ms / (took.docker[round] ?? Number.NaN));
  return {
    'docker run, ms': quantile(took.docker, 0.5),
    'one stage, ms': quantile(took.one, 0.5),
    'one stage / docker run': quantile(ratios('one'), 0.5),
    'two stages, ms': quantile(took.two, 0.5),
    'two stages / docker run': quantile(ratios('two'), 0.5),
  };
}

function runDocker(): Promise<number> {
  const begun = performance.now();
  const { status } = spawnSync('docker', ['run', '--rm', 'busybox:1.37', 'echo', 'hi']);
  if (status !== 0) throw new Error(`docker run ended with ${status}`);
  return Promise.resolve(performance.now() - begun);
}

async function runAndWatch(server: BenchServer, pipeline: string): Promise<number> {
  const begun = performance.now();
  const run = await server.call<{ id: string; seq: number }>('POST', `pipelines/${pipeline}/runs`, {});
  let took = Number.NaN;
  await server.client.stream(
    [`run:${run.id}@${run.seq}`],
    (event) => {
      if (event.event !== 'end') return;
      took = performance.now() - begun;
      const { status } = event.object as { status: { ending?: string } };
      if (status.ending !== 'passed') throw new Error(`${pipeline} ended ${status.ending}`);
    },
    AbortSignal.timeout(60_000),
    null,
  );
  return took;
}

/** Removals of the last run take the daemon some 150 ms. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 700));
}
