import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CacheRule, CacheScopes } from '#core/cache.ts';
import type { StagePlan } from '#core/plan.ts';
import type { Stores } from '#store/open.ts';
import { processExecutor } from '../executor/process/executor.ts';
import { processHost } from '../executor/process/host.ts';
import { type BenchOptions, openStageBench, type StageBench, stepsOf } from './testing/stage-bench.ts';
import type { WorkerOrder } from './testing/worker-main.ts';

const MAIN: CacheScopes = { read: ['branch:main'], write: 'branch:main' };
const SOURCE: Readonly<Record<string, string>> = { 'lock.json': 'one', 'sub/lock.json': 'two' };

const ruleOf = (changes: Partial<CacheRule> = {}): CacheRule => ({
  ...{ name: 'deps', paths: ['deps'], key: 'deps-1', restore: [], save: 'success', line: 3, ...changes },
});
/** Says whether the cache was there, and fills it. */
const FILL = 'if [ -e deps/a ]; then cat deps/a; else echo cold; mkdir -p deps; echo warm > deps/a; fi';
const stageOf = (name: string, rule: Partial<CacheRule> = {}, script = FILL): Partial<StagePlan> => ({
  ...{ name, stage: name, steps: stepsOf(script), caches: [ruleOf(rule)] },
});

/** The folder of the bench itself: a worker in a process of its own has no other source. */
function openInPlace({ snapshots }: Stores, folder: string) {
  const settings = { root: join(folder, 'processes'), snapshots };
  return { executor: processExecutor(settings), host: processHost(settings) };
}

describe('caches of a stage', () => {
  let bench: StageBench;
  afterEach(() => bench.dispose());

  async function open(stages: Partial<StagePlan>[], changes: Partial<BenchOptions> = {}) {
    const unpack = async (_: unknown, target: string) => {
      for (const [name, content] of Object.entries(SOURCE)) {
        await mkdir(dirname(join(target, name)), { recursive: true });
        await writeFile(join(target, name), content);
      }
    };
    bench = await openStageBench({
      stages,
      kind: 'process',
      image: null,
      source: { kind: 'copy', snapshot: { digest: 'd', files: 2, bytes: 6 } },
      cacheScopes: MAIN,
      snapshots: {
        list: async () =>
          Object.entries(SOURCE).map(([path, text]) => ({
            ...{ kind: 'file' as const, path, mode: 0o644, bytes: text.length, digest: `digest of ${text}` },
          })),
      },
      openExecutor(_, folder) {
        const settings = { root: join(folder, 'processes'), snapshots: { unpack } };
        return { executor: processExecutor(settings), host: processHost(settings) };
      },
      ...changes,
    });
    return bench.openWorker();
  }
  const logOf = async (stage: string) => (await bench.readLog(stage)).toString('utf8').replaceAll(/\d\.\d\d s/g, 'T');
  const keys = () => bench.cacheRecords.entries.map(({ key, scope }) => `${key} of ${scope}`);

  it('what one stage keeps the next one finds, before it is said to have ended', async () => {
    const worker = await open([stageOf('first'), stageOf('second')]);
    const first = await worker.run('first').result;
    expect(await logOf('first')).toBe(
      'buildit: cache deps: miss; looked for deps-1 of main\ncold\nbuildit: cache deps: saved as deps-1, 1 file, 5 B, T\n',
    );
    expect(first.caches).toMatchObject([{ name: 'deps', key: 'deps-1', found: 'nothing', entry: null, savedBytes: 5 }]);
    const second = await bench.openWorker().run('second').result;
    expect(await logOf('second')).toBe('buildit: cache deps: hit deps-1 from main, 5 B, T\nwarm\n');
    expect(second.caches).toMatchObject([
      { found: 'key', entry: { key: 'deps-1', scope: 'branch:main', bytes: 5 }, savedBytes: null },
    ]);
    expect(bench.cacheRecords.uses).toEqual(['miss deps', 'hit deps']);
    expect(keys()).toEqual(['deps-1 of branch:main']);
  });

  it('a prefix brings the newest entry, and the new key is saved', async () => {
    const worker = await open([stageOf('first'), stageOf('second', { key: 'deps-2', restore: ['deps-'] })]);
    await worker.run('first').result;
    const second = await worker.run('second').result;
    expect(await logOf('second')).toMatch(
      /^buildit: cache deps: hit deps-1 \(deps-2 is not there\) from main, 5 B, T\nwarm\nbuildit: .*saved as deps-2, 1 file/,
    );
    expect(second.caches).toMatchObject([{ found: 'prefix', entry: { key: 'deps-1' }, savedBytes: 5 }]);
    expect(keys()).toEqual(['deps-1 of branch:main', 'deps-2 of branch:main']);
  });

  it('a stage that did not pass keeps nothing, unless it is to be kept always', async () => {
    const script = 'mkdir deps; echo x > deps/a; exit 3';
    const worker = await open([
      stageOf('careful', {}, script),
      stageOf('always', { key: 'deps-2', save: 'always' }, script),
    ]);
    expect(await worker.run('careful').result).toMatchObject({ ending: 'failed' });
    expect(await logOf('careful')).toContain('not saved: the stage did not pass');
    expect(await worker.run('always').result).toMatchObject({ ending: 'failed', caches: [{ savedBytes: 2 }] });
    expect(keys()).toEqual(['deps-2 of branch:main']);
  });

  it('a run that may only read, of a fork, keeps nothing', async () => {
    const worker = await open([stageOf('stage'), stageOf('other', { key: 'deps-2' })], {
      cacheScopes: { read: ['branch:main'], write: null },
    });
    await bench.cacheRecords.insertCache({
      ...{ runId: bench.runId, name: 'deps', version: 'v', scope: 'branch:main', key: 'k', stage: 's' },
      ...{
        files: 1,
        bytes: 1,
        madeMs: 1,
        reference: { key: 'caches/r/n/manifest.json', digest: '', bytes: 1, folders: [] },
      },
    });
    await worker.run('other').result;
    expect(await logOf('other')).toContain('not saved: a pull request from a fork only reads');
    expect(keys()).toEqual(['k of branch:main']);
    expect(await bench.stores.caches.list()).toEqual([]);
  });

  it('of two stages that fill one key at once one is kept, and both pass', async () => {
    const worker = await open([stageOf('a', {}, `${FILL}; sleep 0.1`), stageOf('b', {}, `${FILL}; sleep 0.1`)]);
    const other = bench.openWorker();
    const results = await Promise.all([worker.run('a').result, other.run('b').result]);
    expect(results.map(({ ending }) => ending)).toEqual(['passed', 'passed']);
    expect(keys()).toEqual(['deps-1 of branch:main']);
    await expect.poll(() => bench.stores.caches.list()).toHaveLength(1);
  });

  it('a damaged entry is a miss with a warning, and its place is free again', async () => {
    const worker = await open([stageOf('first'), stageOf('second')]);
    await worker.run('first').result;
    const chunks = await bench.stores.objects.list('caches/');
    await bench.stores.objects.put(chunks.find((key) => key.includes('/chunks/')) ?? '', Buffer.from('damaged'));
    expect(await worker.run('second').result).toMatchObject({ ending: 'passed', caches: [{ found: 'nothing' }] });
    expect(await logOf('second')).toMatch(
      /^buildit: warning: cache deps: deps-1 from main is not used: chunk .* has other content\ncold\nbuildit: .* saved/,
    );
    expect(keys()).toEqual(['deps-1 of branch:main']);
  });

  it('nothing at its paths is nothing to keep', async () => {
    const worker = await open([stageOf('stage', {}, 'true')]);
    await worker.run('stage').result;
    expect(await logOf('stage')).toContain('not saved: there is nothing at deps');
    expect(await bench.stores.caches.list()).toEqual([]);
  });

  it('beyond the limit of the workspace the entry found longest ago goes with its bytes', async () => {
    const script = 'mkdir deps; head -c 600 /dev/zero > deps/a';
    const worker = await open(
      ['a', 'b', 'c'].map((name) => stageOf(name, { key: name }, script)),
      { cacheBytes: 1_300 },
    );
    for (const name of ['a', 'b', 'c']) await worker.run(name).result;
    expect(keys()).toEqual(['b of branch:main', 'c of branch:main']);
    await expect.poll(() => bench.stores.caches.list()).toHaveLength(2);
  });

  it('one that is larger than everything together may be is not kept', async () => {
    const worker = await open([stageOf('stage')], { cacheBytes: 3 });
    expect(await worker.run('stage').result).toMatchObject({ ending: 'passed', caches: [{ savedBytes: null }] });
    expect(await logOf('stage')).toContain('not saved: it is larger than all caches of the workspace');
  });

  it('a worker that takes over saves once, and still knows what was found', async () => {
    const worker = await open([
      stageOf('first'),
      stageOf('second', { key: 'deps-2', restore: ['deps-'] }, 'cat deps/a; sleep 1'),
    ]);
    await worker.run('first').result;
    const call = worker.run('second');
    await expect.poll(() => logOf('second')).toContain('warm');
    call.tell('leave');
    await call.result.catch(() => undefined);
    const result = await bench.openWorker().run('second', {}, 2).result;
    expect(result.caches).toMatchObject([{ found: 'prefix', entry: { key: 'deps-1' }, savedBytes: 5 }]);
    expect((await logOf('second')).match(/buildit: /g)).toHaveLength(2);
    expect(keys()).toEqual(['deps-1 of branch:main', 'deps-2 of branch:main']);
  });

  it('a worker that was killed while it saved leaves no entry, and its successor saves a whole one', async () => {
    const script = 'mkdir deps; head -c 100000000 /dev/urandom > deps/a';
    const stages = [stageOf('stage', {}, script)];
    bench = await openStageBench({
      stages,
      kind: 'process',
      image: null,
      cacheScopes: MAIN,
      openExecutor: openInPlace,
    });
    const worker = bench.openWorker();
    const order: WorkerOrder = {
      ...{ folder: bench.folder, instance: 'killed', kind: 'process', image: '' },
      ...{ task: bench.taskOf('stage'), context: bench.contextOf() },
    };
    const entry = fileURLToPath(new URL('testing/worker-main.ts', import.meta.url));
    const killed = spawn(process.execPath, [entry, JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(killed, 'exit');
    const stored = () => bench.stores.objects.list('caches/');
    await expect.poll(async () => (await stored()).length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(2);
    killed.kill('SIGKILL');
    await ended;
    expect((await stored()).filter((key) => key.endsWith('manifest.json'))).toEqual([]);
    expect(await worker.run('stage', {}, 2).result).toMatchObject({
      ending: 'passed',
      caches: [{ savedBytes: 100_000_000 }],
    });
    expect(keys()).toEqual(['deps-1 of branch:main']);
    const [saved] = bench.cacheRecords.entries;
    let bytes = 0;
    for await (const part of bench.stores.caches.load(saved?.reference ?? expect.fail()))
      bytes += (part as Buffer).length;
    expect(bytes).toBeGreaterThan(100_000_000);
  });

  it('a key with the checksum of a file changes with the file alone', async () => {
    const sums: string[] = [];
    for (const files of ['lock.json', 'sub/lock.json', '**/lock.json', 'lock.json']) {
      const key = { parts: ['deps-', { ref: `checksum ${files}` }] };
      const worker = await open([stageOf('stage', { key })]);
      sums.push((await worker.run('stage').result).caches?.[0]?.key ?? '');
      await bench.dispose();
    }
    expect(sums[0]).toMatch(/^deps-[0-9a-f]{64}$/);
    expect(sums[3]).toBe(sums[0]);
    expect(new Set(sums).size).toBe(3);
  });

  it('a checksum of nothing ends the stage before it begins, and names its place', async () => {
    const key = { parts: [{ ref: 'checksum lock.json yarn.lock' }] };
    const worker = await open([stageOf('stage', { key })]);
    expect(await worker.run('stage').result).toMatchObject({
      ending: 'errored',
      started: false,
      faultCode: 'checksum-empty',
      fault: { message: expect.stringContaining('"yarn.lock"'), cause: expect.stringContaining('bench.kdl:3') },
    });
  });

  it('a last line without an end is not joined to what we say', async () => {
    const worker = await open([stageOf('stage', {}, 'mkdir deps; echo x > deps/a; printf "no end"')]);
    await worker.run('stage').result;
    expect(await logOf('stage')).toMatch(/\nno end\nbuildit: cache deps: saved/);
  });
});
