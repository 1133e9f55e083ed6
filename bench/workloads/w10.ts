import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { CacheTree } from '#activities/executor/caches.ts';
import { connectDocker } from '#activities/executor/docker/connect.ts';
import { INSTANCE_LABEL } from '#activities/executor/docker/names.ts';
import { IMAGE } from '../graph/graph.ts';
import { runCommand } from '../harness/command.ts';
import type { System, Workload } from '../harness/workload.ts';
import { DOCKER_ENDPOINT } from './graph-systems.ts';
import { openIn, type Scope } from './scope.ts';

const [FOLDERS, FILES] = [500, 100];

/** What a stage costs with a cache of 50,000 files more than without, the tree there; and saving it anew. */
export const w10: Workload = {
  id: 'w10',
  title: 'a cache of 50,000 files, 119 MB, into a container, and saved',
  pace: 'long',
  limitMs: 300_000,
  open: () =>
    openIn(async (scope) => {
      const { folder } = scope;
      makeTree(join(folder, 'workspace', 'kept'));
      const shell = async (script: string) => (await runCommand('sh', ['-ec', script], { cwd: folder })).ms;
      await shell('tar -c workspace | zstd -q -1 -T2 -o tree.tar.zst');
      let count = 0;
      const floor = (name: string, note: string, script: (to: string) => string): System => ({
        ...{ name, role: 'floor', note },
        async measure() {
          const to = `out-${count++}`;
          mkdirSync(join(folder, to));
          return { 'wall, ms': await shell(script(to)) };
        },
      });
      return [
        floor(
          'zstd -d | tar -x',
          'the same tree into a fresh folder',
          (to) => `zstd -q -dc tree.tar.zst | tar -x -C ${to}`,
        ),
        floor('cp -al', 'hard links', (to) => `cp -al workspace ${to}/`),
        floor('tar | zstd -1', 'two threads', (to) => `tar -c workspace | zstd -q -1 -T2 -o ${to}/tree.tar.zst`),
        ...(await openOurs(scope)),
      ];
    }),
};

async function openOurs({ folder, defer }: Scope): Promise<System[]> {
  const [{ dockerExecutor }, { dockerHost }, { createDockerRuns }, { createSpec }, { openStores }] = await Promise.all([
    import('#activities/executor/docker/executor.ts'),
    import('#activities/executor/docker/host.ts'),
    import('#activities/executor/docker/runs.ts'),
    import('#activities/executor/testing/attempt-spec.ts'),
    import('#store/open.ts'),
  ]);
  const instance = `perf-${randomUUID()}`;
  const docker = connectDocker(DOCKER_ENDPOINT);
  const settings = { docker, endpoint: DOCKER_ENDPOINT, instance, image: IMAGE };
  const stores = openStores({ dataFolder: join(folder, 'data') });
  mkdirSync(join(folder, 'source'));
  const source = {
    kind: 'copy',
    snapshot: await stores.snapshots.take(join(folder, 'source'), { git: false }),
  } as const;
  const runs = createDockerRuns(settings, (reference) => stores.snapshots.load(reference));
  const [executor, host] = [dockerExecutor(settings, runs), dockerHost(settings, runs)];
  const runId = randomUUID();
  await host.openRun({
    ...{ runId, source },
    attempts: [{ name: 'none', shell: ['sh'], steps: [], nonce: '', runHasCaches: true }],
  });
  defer(async () => {
    await host.closeRun(runId);
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${INSTANCE_LABEL}=${instance}`] } });
    for (const { Name: name } of volumes ?? []) await docker.getVolume(name).remove();
  });
  const pack = (): Readable =>
    spawn('tar', ['-c', 'workspace'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
  const content = await stores.caches.save({ runId, name: 'bench' }, pack(), ['workspace/kept']);
  if (!content) throw new Error('nothing was saved');
  const { reference: saved } = content;
  let count = 0;
  const cache: CacheTree = {
    ...{ name: 'kept', paths: ['kept'], shared: [], onRestored: () => {} },
    entry: {
      ...{ id: saved.digest.slice(0, 32), bytes: FOLDERS * FILES, folders: saved.folders },
      open: () => stores.caches.load(saved),
    },
  };
  const runStage = async (caches: CacheTree[]): Promise<number> => {
    const script = caches.length > 0 ? '[ -e kept/d499/f99.js ]' : 'true';
    const image = { ref: IMAGE, pull: 'never' } as const;
    const spec = createSpec([script], { runId, stage: `s${count++}`, source, image, caches });
    const begun = performance.now();
    const sink = { onBytes: async () => undefined, onGap: async () => undefined };
    const { code } = await executor.follow(await executor.start(spec), 0, sink, new AbortController().signal);
    const ms = performance.now() - begun;
    await executor.remove(spec);
    if (code !== 0) throw new Error(`the stage ended with ${code}`);
    return ms;
  };
  const firstMs = await runStage([cache]);
  return [
    {
      ...{ name: 'cache into a stage', role: 'buildit' },
      note: `a stage with it less one without; the first on this host took ${Math.round(firstMs)} ms`,
      async measure() {
        const without = await runStage([]);
        const withCache = await runStage([cache]);
        return { 'cost, ms': withCache - without, 'stage, ms': withCache, 'stage without, ms': without };
      },
    },
    {
      ...{ name: 'saved into the store', role: 'buildit', note: 'into an empty one' },
      async measure() {
        const { caches } = openStores({ dataFolder: join(folder, `data-${count++}`) });
        const begun = performance.now();
        await caches.save({ runId, name: 'bench' }, pack(), ['workspace/kept']);
        return { 'wall, ms': performance.now() - begun };
      },
    },
  ];
}

function makeTree(tree: string): void {
  for (let outer = 0; outer < FOLDERS; outer++) {
    mkdirSync(join(tree, `d${outer}`), { recursive: true });
    for (let inner = 0; inner < FILES; inner++) {
      const line = `export const value${outer}x${inner} = ${outer * inner};\n`;
      writeFileSync(join(tree, `d${outer}`, `f${inner}.js`), line.repeat(70));
    }
  }
}
