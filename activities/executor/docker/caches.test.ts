import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handleName } from '#core/ids.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { describeCache, makeEntry, testCaches, WITH_CACHES } from '../caches.contract.ts';
import type { CacheTree } from '../caches.ts';
import { followAttempt, packFiles, readTar, SOURCE_FILES } from '../executor.contract.ts';
import type { AttemptSpec } from '../port.ts';
import { createSpec } from '../testing/attempt-spec.ts';
import { runInBox } from './box.ts';
import { keepCacheTrees } from './cache-trees.ts';
import { dockerExecutor } from './executor.ts';
import { CACHES_DATA, cachesVolumeName } from './names.ts';
import { runOnCaches } from './run-on-caches.ts';
import { createDockerRuns } from './runs.ts';
import { openDockerSubject } from './testing/docker-subject.ts';

describeWith(['docker'], 'caches in containers', () => {
  testCaches('docker', openDockerSubject);

  const runId = randomUUID();
  let subject: Awaited<ReturnType<typeof openDockerSubject>>;
  beforeAll(async () => {
    subject = await openDockerSubject();
    await subject.openWorker().host.openRun({ runId, source: subject.source, attempts: [WITH_CACHES] });
  });
  afterAll(async () => {
    await subject.openWorker().host.closeRun(runId);
    await subject.dispose();
  });

  const describeAttempt = (stage: string, script: string, caches: CacheTree[], changes: Partial<AttemptSpec> = {}) => {
    const { source, image } = subject;
    return createSpec([script], { runId, stage, source, image, caches, ...changes });
  };
  async function run(spec: AttemptSpec, executor = subject.openWorker().executor) {
    const handle = await executor.start(spec);
    return { handle, executor, ...(await followAttempt(executor, handle)) };
  }
  const home = (files: Record<string, string>) => {
    const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`home/.kept/${name}`, text]));
    return makeEntry(named, ['home/.kept']);
  };

  it('a folder of the home is found, and taken without touching the container', async () => {
    const cache = describeCache({ paths: ['~/.kept'], entry: home({ a: 'one\n' }) });
    const { text, handle, executor } = await run(
      describeAttempt('home', 'cat ~/.kept/a; echo two > ~/.kept/b', [cache]),
    );
    expect(text).toBe('one\n');
    const tree = await readTar(await executor.collect(handle, { trees: ['~/.kept'] }));
    expect(tree).toMatchObject({ 'home/.kept/a': 'one\n', 'home/.kept/b': 'two\n' });
  });

  it('a folder of the home that was not found is taken too, with what the image has there', async () => {
    const cache = describeCache({ paths: ['~/lists'] });
    const spec = describeAttempt('missed', 'echo new > ~/lists/b; ls ~/lists', [cache], { env: { HOME: '/etc' } });
    const { handle, executor } = await run(spec);
    const tree = await readTar(await executor.collect(handle, { trees: ['~/lists'] }));
    expect(tree).toMatchObject({ 'home/lists/b': 'new\n' });
  });

  it('another user than root can read and change what was found', async () => {
    const entry = makeEntry({ 'workspace/kept/a': 'one\n' }, ['workspace/kept']);
    const caches = [
      describeCache({ entry }),
      describeCache({ name: 'h', paths: ['~/.kept'], entry: home({ h: 'home\n' }) }),
      describeCache({ name: 'm', paths: ['~/.missed'] }),
    ];
    const script = 'cat kept/a ~/.kept/h; echo x > kept/a; echo x > ~/.kept/n; echo m > ~/.missed/m';
    const spec = describeAttempt('nobody', script, caches, { user: '1000', env: { HOME: '/home/me' } });
    const { exit, text, handle, executor } = await run(spec);
    expect([exit.code, text]).toEqual([0, 'one\nhome\n']);
    expect(await readTar(await executor.collect(handle, { trees: ['~/.missed', '~/.kept', 'kept'] }))).toMatchObject({
      'home/.missed/m': 'm\n',
      'home/.kept/n': 'x\n',
      'workspace/kept/a': 'x\n',
    });
  });

  it('the home of a user nobody knows is told, and the stage runs without', async () => {
    const cache = describeCache({ paths: ['~/.kept'], entry: home({ a: 'one\n' }) });
    const { exit } = await run(describeAttempt('unknown', 'true', [cache], { user: '1000' }));
    expect(exit.code).toBe(0);
    expect(cache.told).toMatchObject([{ kind: 'lost', isDamaged: false, cause: expect.stringContaining('HOME') }]);
  });

  it('where the daemon mounts no overlay it is a copy, which is as private', async () => {
    const runs = createDockerRuns(subject.settings, () => packFiles(SOURCE_FILES));
    runs.overlay.works = false;
    const executor = dockerExecutor(subject.settings, runs);
    const entry = makeEntry({ 'workspace/kept/a': 'one\n' }, ['workspace/kept']);
    const make = (stage: string) =>
      describeAttempt(stage, 'cat kept/a ~/.kept/h; echo x > kept/a; echo x > ~/.kept/h', [
        describeCache({ entry, paths: ['kept'] }),
        describeCache({ name: 'h', paths: ['~/.kept'], entry: homeEntry }),
      ]);
    const homeEntry = home({ h: 'home\n' });
    expect((await run(make('copy-1'), executor)).text).toBe('one\nhome\n');
    expect((await run(make('copy-2'), executor)).text).toBe('one\nhome\n');
  });

  it('an unpacked tree is used again, and brought back when somebody removed it', async () => {
    let opened = 0;
    const whole = makeEntry({ 'workspace/kept/a': 'one\n' }, ['workspace/kept']);
    const entry = { ...whole, open: () => (opened++, whole.open()) };
    const { executor } = subject.openWorker();
    await run(describeAttempt('first', 'cat kept/a', [describeCache({ entry })]), executor);
    await run(describeAttempt('second', 'cat kept/a', [describeCache({ entry })]));
    expect(opened).toBe(1);
    await runOnCaches(subject.settings, runId, `rm -rf ${CACHES_DATA}/${entry.id}-*`, []);
    const { text } = await run(describeAttempt('third', 'cat kept/a', [describeCache({ entry })]), executor);
    expect([text, opened]).toEqual(['one\n', 2]);
  });

  it('trees beyond the limit go, the one used longest ago first, and none that a container stands on', async () => {
    const entries = ['a', 'b', 'c'].map((name) =>
      makeEntry({ [`workspace/kept/${name}`]: 'xxxx' }, ['workspace/kept']),
    );
    const [a, b, c] = entries;
    if (!a || !b || !c) throw new Error('three entries');
    const trees = keepCacheTrees(subject.settings, 7);
    for (const entry of entries) await trees.ensure(runId, entry);
    await run(describeAttempt(`stands-${a.id}`, 'true', [describeCache({ entry: a })]));
    await trees.ensure(runId, c);
    await trees.prune(runId);
    const list = await runInBox(subject.settings.docker, runId, `ls ${CACHES_DATA}`, []);
    expect(entries.map(({ id }) => list.toString().includes(id))).toEqual([true, false, true]);
  });

  it('a link among the files of a stage leads to no tree', async () => {
    const entry = makeEntry({ 'workspace/kept/a': 'one\n' }, ['workspace/kept']);
    const { executor } = subject.openWorker();
    await run(describeAttempt('honest', 'true', [describeCache({ entry })]), executor);
    // As an artifact of an earlier stage: a link to the trees, then a file below it.
    const evil = () => {
      const tar = pack();
      tar.entry({ name: 'out', type: 'symlink', linkname: `${CACHES_DATA}/${entry.id}-${entry.bytes}/workspace/kept` });
      tar.entry({ name: 'out/a' }, 'spoilt\n');
      tar.finalize();
      return Readable.from(tar);
    };
    const spoiling = describeAttempt('spoiling', 'true', [], { inputs: [evil] });
    await executor.start(spoiling).catch(() => undefined);
    const { text } = await run(describeAttempt('unspoilt', 'cat kept/a', [describeCache({ entry })]), executor);
    expect(text).toBe('one\n');
  });

  it('a link of a copied cache leads no artifact into the box', async () => {
    const evil = () => {
      const tar = pack();
      tar.entry({ name: 'workspace/kept', type: 'directory', mode: 0o755 });
      tar.entry({ name: 'workspace/kept/root', type: 'symlink', linkname: '/' });
      tar.finalize();
      return Readable.from(tar);
    };
    const entry = { ...makeEntry({ 'workspace/kept/a': 'x' }, ['workspace/kept']), open: evil };
    const input = () => packFiles({ 'kept/root/bin/sh': 'spoilt\n', 'kept/root/bin/planted': 'spoilt\n' });
    const cache = describeCache({ entry, paths: ['kept'] });
    const changes = { user: '1000', env: { HOME: '/tmp' }, inputs: [input] };
    await expect(run(describeAttempt('through', 'true', [cache], changes))).rejects.toMatchObject({
      fault: { code: 'box-failed', fix: expect.stringContaining('links') },
    });
    expect(cache.told).toMatchObject([{ kind: 'restored' }]);
    const { docker } = subject.settings;
    expect((await runInBox(docker, runId, 'ls /bin/planted 2>/dev/null || echo none', [])).toString()).toBe('none\n');
    // An artifact that goes through no such link is laid over the cache.
    const honest = { ...changes, inputs: [() => packFiles({ 'kept/b': 'two\n' })] };
    expect((await run(describeAttempt('beside', 'cat kept/b', [cache], honest))).text).toBe('two\n');
  });

  it('all of a run goes with it, but the trees', async () => {
    const other = randomUUID();
    const { host, executor } = subject.openWorker();
    await host.openRun({ runId: other, source: subject.source, attempts: [WITH_CACHES] });
    const entry = home({ a: 'one\n' });
    const caches = [describeCache({ paths: ['~/.kept'], entry }), describeCache({ name: 'm', paths: ['~/.missed'] })];
    await run(
      { ...describeAttempt('gone', 'true', caches), runId: other, name: handleName(other, 'gone', 1) },
      executor,
    );
    await host.closeRun(other);
    const { Volumes: volumes } = await subject.settings.docker.listVolumes();
    const names = (volumes ?? []).map(({ Name }) => Name);
    expect(names.filter((name) => name.includes(other))).toEqual([]);
    expect(names).toContain(cachesVolumeName(subject.settings.instance));
  });
});
