import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { handleName } from '#core/ids.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { gatherReport } from '../../report/gather-report.ts';
import { followAttempt, packFiles, readTar, SOURCE_FILES, testExecutor } from '../executor.contract.ts';
import { createSpec } from '../testing/attempt-spec.ts';
import { connectDocker } from './connect.ts';
import { dockerExecutor } from './executor.ts';
import { createDockerRuns } from './runs.ts';
import { ENDPOINT, openDockerSubject } from './testing/docker-subject.ts';

describeWith(['docker'], 'docker', () => {
  testExecutor('docker', openDockerSubject);

  it('never begins an attempt again whose container somebody removed', async () => {
    const { subject, run, spec } = await openRun();
    const { executor } = subject.openWorker();
    await executor.start(spec);
    await connectDocker(ENDPOINT).getContainer(spec.name).remove({ force: true });
    await expect(subject.openWorker().executor.start(spec)).rejects.toMatchObject({ fault: { code: 'attempt-lost' } });
    await run.close();
  });

  it.each([
    ['an image that is not there', { image: { ref: 'buildit-test/absent:1', pull: 'never' } }, 'image-missing'],
    [
      'an image that cannot be fetched',
      { image: { ref: 'localhost:1/absent:1', pull: 'missing' } },
      'image-pull-failed',
    ],
  ] as const)('never starts with %s', async (_, changes, code) => {
    const { subject, run, spec } = await openRun();
    const { executor } = subject.openWorker();
    await expect(executor.start({ ...spec, ...changes })).rejects.toMatchObject({
      fault: { code },
      neverStarted: true,
    });
    await run.close();
  });

  it('gives up the pull of an image that does not come on, without harm to others that wait for it', async () => {
    const { subject, run, spec } = await openRun();
    const registry = await openSilentRegistry();
    const image = { ref: `localhost:${registry.port}/silent:1`, pull: 'missing' } as const;
    const { executor } = subject.openWorker();
    const aborting = new AbortController();
    const first = executor.start({ ...spec, image }, aborting.signal);
    const other = { ...spec, image, name: handleName(spec.runId, 'other', 1) };
    const second = executor.start(other).catch((error: unknown) => error);
    await registry.asked;
    aborting.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(await executor.find(spec)).toBeNull();
    registry.close();
    expect(await second).toMatchObject({ fault: { code: 'image-pull-failed' } });
    await run.close();
  });

  it.each([['user', { user: 'nobody-here' }, 'user-missing']] as const)(
    'tells the user when their %s cannot be had',
    async (_, changes, code) => {
      const { subject, run, spec } = await openRun();
      const { executor } = subject.openWorker();
      const handle = await executor.start({ ...spec, ...changes });
      const { exit } = await followAttempt(executor, handle);
      expect(exit).toMatchObject({ code: 127, refusal: { code } });
      await run.close();
    },
  );

  it('reports of long names and with two names are read from what it collects', async () => {
    const folder = 'deep-folder-of-a-tool/'.repeat(6);
    const suite = '<testsuite name="s"><testcase name="a"/></testsuite>';
    const script = `mkdir -p ${folder} again; echo '${suite}' > ${folder}one.xml; ln ${folder}one.xml again/two.xml`;
    const { subject, run, spec } = await openRun(script);
    const { executor } = subject.openWorker();
    const handle = await executor.start(spec);
    await followAttempt(executor, handle);
    const { report, refusal } = await gatherReport({
      ...{ executor, handle, written: new Set(), ending: 'passed', secrets: [] },
      stage: { reports: [{ kind: 'junit', paths: ['deep-*/**/*.xml', 'again/*.xml'] }] },
    });
    expect([refusal, report.tests.map(({ name }) => name)]).toEqual([null, ['a']]);
    await run.close();
  });

  it('lets another user than root write in the workspace', async () => {
    const { subject, run, spec } = await openRun(
      'id -u; echo x > README.md; echo y > src/new; echo z=1 >> $BUILDIT_OUTPUT',
    );
    const { executor } = subject.openWorker();
    const { exit, text } = await followAttempt(executor, await executor.start({ ...spec, user: '1000' }));
    expect([exit.code, text]).toEqual([0, '1000\n']);
    await run.close();
  });

  it('falls back to a copy where the daemon mounts no overlay', async () => {
    const { run, spec, settings, snapshots } = await openRun('cat README.md');
    const runs = createDockerRuns(settings, snapshots);
    runs.overlay.works = false;
    const executor = dockerExecutor(settings, runs);
    const handle = await executor.start(spec);
    expect((await followAttempt(executor, handle)).text).toBe('from the source\n');
    expect(await readTar(await executor.collect(handle, ['README.md']))).toEqual({ 'README.md': 'from the source\n' });
    await executor.remove(spec);
    await run.close();
  });

  it('reports a program that used up its memory', async () => {
    const { subject, run, spec } = await openRun('tail /dev/zero');
    const { executor } = subject.openWorker();
    const limited = { ...spec, resources: { cpu: 1, memory: 16 * 2 ** 20, pids: 64, disk: null } };
    const { exit } = await followAttempt(executor, await executor.start(limited));
    expect(exit).toMatchObject({ code: 137, outOfMemory: true });
    await run.close();
  });

  it('brings the box up again when the run lost it', async () => {
    const { subject, run, spec } = await openRun('cat README.md');
    await connectDocker(ENDPOINT).getContainer(`bi-${spec.runId}-box`).remove({ force: true });
    const { executor } = subject.openWorker();
    expect((await followAttempt(executor, await executor.start(spec))).text).toBe('from the source\n');
    await run.close();
  });
});

/** An open run with one attempt to start. */
async function openRun(script = 'true') {
  const subject = await openDockerSubject();
  const runId = randomUUID();
  const { host } = subject.openWorker();
  await host.openRun({ runId, source: subject.source, attempts: [] });
  const { source, image } = subject;
  const spec = createSpec([script], { runId, stage: 'stage', source, image });
  const close = async (): Promise<void> => {
    await host.closeRun(runId);
    await subject.dispose();
  };
  return { subject, spec, settings: subject.settings, snapshots: () => packFiles(SOURCE_FILES), run: { close } };
}

/** Takes connections and never says anything. */
async function openSilentRegistry() {
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    asked.resolve();
  });
  server.listen(0);
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, asked: asked.promise, close };
}
