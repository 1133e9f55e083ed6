import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { CacheTree } from '#activities/executor/caches.ts';
import { connectDocker } from '#activities/executor/docker/connect.ts';
import { dockerExecutor } from '#activities/executor/docker/executor.ts';
import { dockerHost } from '#activities/executor/docker/host.ts';
import { INSTANCE_LABEL } from '#activities/executor/docker/names.ts';
import { createDockerRuns } from '#activities/executor/docker/runs.ts';
import { createSpec } from '#activities/executor/testing/attempt-spec.ts';
import { openStores } from '#store/open.ts';
import { quantile } from './quantile.ts';

/**
 * A cache of 50,000 files into a container: what a stage's start takes more than one without, beside unpacking the same
 * tree from `zstd -1` in the same rounds. And the first time on a host: from the store into a tree, and saving it.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const IMAGE = process.argv[3] ?? 'busybox:1.37';
const [FOLDERS, FILES] = [500, 100];
const folder = mkdtempSync(join(tmpdir(), 'buildit-bench-'));
const instance = `bench-${randomUUID()}`;
const endpoint = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
const docker = connectDocker(endpoint);
const settings = { docker, endpoint, instance, image: IMAGE };
const stores = openStores({ dataFolder: join(folder, 'data') });
const tree = join(folder, 'workspace', 'kept');

function makeTree(): void {
  for (let outer = 0; outer < FOLDERS; outer++) {
    mkdirSync(join(tree, `d${outer}`), { recursive: true });
    for (let inner = 0; inner < FILES; inner++) {
      const line = `export const value${outer}x${inner} = ${outer * inner};\n`;
      writeFileSync(join(tree, `d${outer}`, `f${inner}.js`), line.repeat(70));
    }
  }
}

function time(command: string): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync('sh', ['-ec', command], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}\n${stderr}`);
  return performance.now() - begun;
}

async function timeIt(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const packTree = (): Readable =>
  spawn('tar', ['-c', 'workspace'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] }).stdout;

mkdirSync(join(folder, 'source'));
const snapshot = await stores.snapshots.take(join(folder, 'source'), { git: false });
const runs = createDockerRuns(settings, (reference) => stores.snapshots.load(reference));
const [executor, host] = [dockerExecutor(settings, runs), dockerHost(settings, runs)];
const runId = randomUUID();
const source = { kind: 'copy', snapshot } as const;
let count = 0;

async function runStage(caches: CacheTree[]): Promise<number> {
  const stage = `s${count++}`;
  const script = caches.length > 0 ? '[ -e kept/d499/f99.js ]' : 'true';
  const spec = createSpec([script], { runId, stage, source, image: { ref: IMAGE, pull: 'never' }, caches });
  const taken = await timeIt(async () => {
    const handle = await executor.start(spec);
    const sink = { onBytes: async () => undefined, onGap: async () => undefined };
    const { code } = await executor.follow(handle, 0, sink, new AbortController().signal);
    if (code !== 0) throw new Error(`the stage ended with ${code}`);
  });
  await executor.remove(spec);
  return taken;
}

const times = new Map<string, number[]>();
const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
try {
  makeTree();
  await host.openRun({
    runId,
    source,
    attempts: [{ name: 'none', shell: ['sh'], steps: [], nonce: '', runHasCaches: true }],
  });
  note('tar | zstd -1 (floor of saving)', time('tar -c workspace | zstd -q -1 -T2 -o tree.tar.zst'));
  const id = { runId, name: 'bench' };
  const begun = performance.now();
  const content = await stores.caches.save(id, packTree(), ['workspace/kept']);
  note('saved into the store', performance.now() - begun);
  if (!content) throw new Error('nothing was saved');
  const { reference: saved } = content;
  let restoreMs = 0;
  const cache: CacheTree = {
    ...{ name: 'kept', paths: ['kept'], shared: [] },
    entry: {
      ...{ id: saved.digest.slice(0, 32), bytes: FOLDERS * FILES, folders: saved.folders },
      open: () => stores.caches.load(saved),
    },
    onRestored(outcome) {
      restoreMs = outcome.kind === 'restored' ? outcome.ms : Number.NaN;
    },
  };
  await runStage([]);
  note('first on a host: the whole stage', await runStage([cache]));
  for (let round = 0; round < ROUNDS; round++) {
    const without = await runStage([]);
    const withCache = await runStage([cache]);
    mkdirSync(join(folder, `out-${round}`));
    const floor = time(`zstd -q -dc tree.tar.zst | tar -x -C out-${round}`);
    note('a stage without a cache', without);
    note('a stage with 50,000 cached files', withCache);
    note('what the cache costs', withCache - without);
    note('of it until the container is made', restoreMs);
    note('zstd -d | tar -x (floor)', floor);
    note('floor / cost', floor / Math.max(1, withCache - without));
  }
  for (const [name, taken] of times) {
    const [low, middle, high] = [0, 0.5, 1].map((share) => quantile(taken, share).toFixed(1).padStart(9));
    process.stdout.write(`${name.padEnd(36)} min ${low}  median ${middle}  max ${high}\n`);
  }
} finally {
  await host.closeRun(runId);
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${INSTANCE_LABEL}=${instance}`] } });
  for (const { Name: name } of volumes ?? []) await docker.getVolume(name).remove();
  rmSync(folder, { recursive: true, force: true });
}
