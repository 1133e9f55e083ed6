import { createHash } from 'node:crypto';
import type { Measures, Workload } from '../harness/workload.ts';
import { watchGrowth } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn, runAndWatch } from './server.ts';

const LINES = 5_000_000;
const FILLER = 'x'.repeat(190);
const SCRIPT = `awk 'BEGIN { for (i = 0; i < ${LINES}; i++) printf "%08d %s\\n", i, "${FILLER}" }'`;
const EXECUTORS = { process: 'executor "process"', docker: 'image "busybox:1.37" pull="never"' };
const RANGES = 50;

/** A log of 1 GB from one stage: its digest, what the worker grows by meanwhile, and how long any 1,000 lines take. */
export const w8c: Workload = {
  id: 'w8c',
  title: '1 GB of log from one stage',
  pace: 'long',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      const expected = describeLog();
      for (const [executor, words] of Object.entries(EXECUTORS)) {
        await server.createPipeline(`warm-${executor}`, `stage "one" { ${words}; run "true" }\n`);
        await server.createPipeline(executor, `stage "one" { ${words}; run #"${SCRIPT}"# }\n`);
        await runAndWatch(server, `warm-${executor}`);
      }
      return Object.keys(EXECUTORS).map((executor) => ({
        ...{
          name: executor,
          role: 'buildit' as const,
          note: 'trigger to sealed log; the digest is that of what was printed',
        },
        measure: () => measure(server, executor, expected),
      }));
    }),
};

function describeLog(): { bytes: number; digest: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let index = 0; index < LINES; index++) {
    const line = `${String(index).padStart(8, '0')} ${FILLER}\n`;
    bytes += line.length;
    hash.update(line);
  }
  return { bytes, digest: hash.digest('hex') };
}

async function measure(
  server: BenchServer,
  executor: string,
  { bytes, digest }: { bytes: number; digest: string },
): Promise<Measures> {
  const { result, grewMb } = await watchGrowth(server, 'worker', () => runAndWatch(server, executor, 300_000));
  const index = await server.client.readLogIndex(result.id, 'one', 1);
  if (index.bytes !== bytes || index.digest !== digest) throw new Error('the stored log is not what was printed');
  return {
    'MB/s': bytes / result.ms / 1_000,
    'worker grew, MB': grewMb,
    '1,000 lines at any place, ms': await readRanges(server, result.id),
  };
}

async function readRanges(server: BenchServer, run: string): Promise<number[]> {
  const took: number[] = [];
  for (let count = 0; count < RANGES; count++) {
    const from = 1 + Math.floor(Math.random() * (LINES - 1_000));
    const begun = performance.now();
    const rows = await server.client.readLog(run, 'one', 1, { from, limit: 1_000 });
    took.push(performance.now() - begun);
    const [first] = rows;
    if (!first || !('text' in first) || Number(first.text.split(' ')[0]) !== from - 1) throw new Error('another line');
  }
  return took;
}
