import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { handleName } from '#core/ids.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { type NestedDocker, openNestedDocker } from '#test/env/nested-docker.ts';
import { openStageBench, type StageBench, stepsOf } from '../../stage/testing/stage-bench.ts';
import { openDockerExecutor } from './testing/open-docker-executor.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };

describeWith(['docker', 'dockerd'], 'a Docker daemon that is restarted', () => {
  let daemon: NestedDocker | null = null;
  let bench: StageBench | null = null;
  afterEach(async () => {
    await bench?.dispose();
    await daemon?.dispose();
    [bench, daemon] = [null, null];
  }, 90_000);

  async function openBench(liveRestore: boolean, scripts: Record<string, string>) {
    daemon = await openNestedDocker({ liveRestore, diskMb: 48, image: busyboxImage });
    const { endpoint } = daemon;
    const instance = `test-${randomUUID()}`;
    bench = await openStageBench({
      kind: 'docker',
      image: busyboxImage,
      stages: Object.entries(scripts).map(([name, script]) => ({ name, steps: stepsOf(script) })),
      openExecutor: openDockerExecutor(endpoint, instance),
    });
    const { host } = bench.openWorker();
    await host.openRun({ runId: bench.runId, source: { kind: 'in-place', folder: bench.folder }, attempts: [] });
    return { daemon, bench };
  }
  /** Prints until it is told to end, the same into a file beside BuildIt. */
  const script = 'i=1; until [ -e go ]; do echo $i | tee -a said; sleep 0.2; i=$((i+1)); done';

  it('with live-restore costs a stage nothing: it goes on, and its log is whole', async () => {
    const opened = await openBench(true, { build: script });
    const call = opened.bench.openWorker().run('build');
    await expect.poll(async () => (await opened.bench.readLog('build')).toString(), PATIENCE).toContain('2\n');
    await opened.daemon.stop();
    await opened.daemon.start();
    const readSaid = () => readFile(join(opened.bench.folder, 'said'), 'utf8');
    const before = (await readSaid()).length;
    await expect.poll(async () => (await readSaid()).length, PATIENCE).toBeGreaterThan(before);
    await writeFile(join(opened.bench.folder, 'go'), '');
    expect(await call.result).toMatchObject({ ending: 'passed' });
    expect((await opened.bench.readLog('build')).toString()).toBe(await readSaid());
  }, 180_000);

  it('without it ends a stage errored, with the cause, and never green', async () => {
    const opened = await openBench(false, { build: script });
    const call = opened.bench.openWorker().run('build');
    await expect.poll(async () => (await opened.bench.readLog('build')).toString(), PATIENCE).toContain('2\n');
    await opened.daemon.stop();
    await opened.daemon.start();
    const result = await call.result;
    expect(result).toMatchObject({ ending: 'errored', started: true });
    expect(result.reason?.message).toBe('the container runtime went away while the stage ran, and ended it');
  }, 180_000);

  it('has a disk that may be full: who fills it fails with what its program says, who finds no room is errored', async () => {
    const fill = 'dd if=/dev/zero of=/tmp/large bs=1M count=64';
    const { bench: filled, daemon: nested } = await openBench(false, {
      greedy: fill,
      late: 'echo late',
      modest: 'dd if=/dev/zero of=/tmp/small bs=1M count=1',
    });
    const worker = filled.openWorker();
    const giveRoom = nested.fill();
    const late = await worker.run('late').result;
    expect(late).toMatchObject({ ending: 'errored', faultCode: 'disk-full', started: false });
    expect(late.reason?.message).toContain('No space is left on the Docker host');
    expect(late.fault?.fix).toContain('free space on the host');
    giveRoom();
    expect(await worker.run('greedy').result).toMatchObject({ ending: 'failed', exitCode: 1 });
    expect((await filled.readLog('greedy')).toString()).toContain('No space left on device');
    await worker.executor.remove({ name: handleName(filled.runId, 'greedy', 1), runId: filled.runId });
    expect(await worker.run('modest').result).toMatchObject({ ending: 'passed' });
  }, 180_000);
});
