import { createHash } from 'node:crypto';
import { connectDocker } from '#activities/executor/docker/connect.ts';
import { listBusyboxEntries } from '#test/env/busybox-entries.ts';
import { importImage } from '#test/env/images.ts';
import { runCommand } from '../harness/command.ts';
import type { Measures, System, Workload } from '../harness/workload.ts';
import { watchGrowth } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { DOCKER_ENDPOINT } from './graph-systems.ts';
import { openIn } from './scope.ts';
import { openServerIn, runAndWatch } from './server.ts';

const LINES = 1_000_000;
const IMAGE = 'perf-lines:1';

/** A million lines that a container prints as fast as it can: until they are sealed, and whether all of them are there. */
export const w8a: Workload = {
  id: 'w8a',
  title: '1,000,000 lines, 192.5 MB, from one stage at once',
  pace: 'middle',
  limitMs: 300_000,
  open: () =>
    openIn(async (scope) => {
      const text = Buffer.from(Array.from({ length: LINES }, (_, index) => describeLine(index)).join(''));
      const docker = connectDocker(DOCKER_ENDPOINT);
      await importImage(docker, IMAGE, [...listBusyboxEntries(), { kind: 'file', path: 'lines', content: text }], []);
      scope.defer(() => docker.getImage(IMAGE).remove({ force: true }));
      const server = await openServerIn(scope);
      await server.createPipeline('burst', `stage "lines" { image "${IMAGE}" pull="never"; run "cat /lines" }\n`);
      const digest = createHash('sha256').update(text).digest('hex');
      return [
        {
          ...{ name: 'docker run', role: 'floor', note: 'json-file and attach; what comes is thrown away' },
          measure: () => read(text.length, 'docker run --rm --name "perf-$$" perf-lines:1 cat /lines > /dev/null'),
        },
        {
          ...{ name: 'docker logs -f', role: 'floor', note: 'json-file and follow' },
          measure: () =>
            read(
              text.length,
              `trap 'docker rm -f "perf-$$" > /dev/null' EXIT`,
              'docker run -d --name "perf-$$" perf-lines:1 cat /lines > /dev/null',
              'docker logs -f "perf-$$" > /dev/null',
            ),
        },
        {
          ...{
            name: 'buildit run',
            role: 'buildit',
            note: 'trigger to sealed log: masked, indexed, compressed, durable',
          },
          measure: () => runOurs(server, text.length, digest),
        } satisfies System,
      ];
    }),
};

/** Of 192.5 bytes in the mean, no two the same, as compressible as logs are. */
function describeLine(index: number): string {
  const words = `GET /api/v1/projects/${index * 7919}/builds/${index} 200 in ${(index * 31) % 977} ms; cache ${index % 3 === 0 ? 'hit' : 'miss'}; worker ${index % 16}`;
  const line = `2026-01-01T00:00:00.${String(index % 1_000).padStart(3, '0')}Z INFO  http.server ${words} `;
  return `${line.padEnd(index % 2 === 0 ? 191 : 192, '.-')}\n`.slice(-193);
}

async function read(bytes: number, ...commands: string[]): Promise<Measures> {
  const { ms } = await runCommand('sh', ['-ec', commands.join('\n')], { cwd: '/' });
  return { 'MB/s': bytes / ms / 1_000, 'wall, ms': ms };
}

async function runOurs(server: BenchServer, bytes: number, digest: string): Promise<Measures> {
  const { result, grewMb } = await watchGrowth(server, 'worker', () => runAndWatch(server, 'burst', 120_000));
  const { id, ms } = result;
  const index = await server.client.readLogIndex(id, 'lines', 1);
  const lost = index.gaps.reduce((sum, gap) => sum + gap.bytes, 0) + (bytes - index.bytes);
  if (lost === 0 && index.digest !== digest) throw new Error('the stored log is not what was printed');
  return { 'MB/s': bytes / ms / 1_000, 'wall, ms': ms, 'worker grew, MB': grewMb, 'bytes lost': lost };
}
