import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { packFiles, SOURCE_FILES } from '../executor.contract.ts';
import type { RunSource } from '../port.ts';
import { connectDocker } from './connect.ts';
import { dockerHost } from './host.ts';
import { boxName, INSTANCE_LABEL, WARM_LABEL } from './names.ts';
import { createDockerRuns } from './runs.ts';

const ENDPOINT = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

describeWith(['docker'], 'boxes that wait for a run', () => {
  const docker = connectDocker(ENDPOINT);
  const instance = `test-${randomUUID()}`;
  const settings = { docker, endpoint: ENDPOINT, instance, image: busyboxImage };
  const openWorker = (warmBoxes: number) => {
    const runs = createDockerRuns(settings, () => packFiles(SOURCE_FILES), { warmBoxes, cacheBytes: 2 ** 30 });
    return { runs, host: dockerHost(settings, runs) };
  };
  const createSource = (): RunSource => ({
    kind: 'copy',
    snapshot: { digest: randomUUID().replaceAll('-', ''), files: 2, bytes: 20 },
  });
  const listNames = async () => {
    const label = [`${INSTANCE_LABEL}=${instance}`];
    return (await docker.listContainers({ all: true, filters: { label } })).map(
      ({ Names }) => Names[0]?.slice(1) ?? '',
    );
  };
  const listWarm = async () => (await listNames()).filter((name) => name.startsWith('bi-warm-'));
  const findId = async (name: string) => (await docker.getContainer(name).inspect()).Id;

  /** A run that comes and goes: what it leaves is a box for the next of its source. */
  const playRun = async ({ runs, host }: ReturnType<typeof openWorker>, source: RunSource) => {
    const runId = randomUUID();
    await host.openRun({ runId, source, attempts: [] });
    await host.closeRun(runId);
    await runs.warm.refill();
  };

  afterEach(async () => {
    await openWorker(0).runs.warm.refill();
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${INSTANCE_LABEL}=${instance}`] } });
    const claims = (volumes ?? []).filter(({ Name }) => Name.endsWith('-claim'));
    for (const { Name } of volumes ?? []) await docker.getVolume(Name).remove();
    if (claims.length > 0) throw new Error(`claims were left behind: ${claims.length}`);
    const left = await listNames();
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  });

  it('one becomes the box of the next run of the same source, and goes with it', async () => {
    const worker = openWorker(1);
    const source = createSource();
    await playRun(worker, source);
    const [waiting = ''] = await listWarm();
    const id = await findId(waiting);
    const runId = randomUUID();
    await worker.host.openRun({ runId, source, attempts: [] });
    expect(await findId(boxName(runId))).toBe(id);
    // Another worker finds the run by the name of its box, and what it knows of it in the daemon.
    const other = openWorker(1);
    expect(await other.host.listRuns()).toEqual([runId]);
    expect(await other.runs.reach(runId)).toEqual(await worker.runs.reach(runId));
    const [volume] = (await docker.getContainer(id).inspect()).Mounts.filter((mount) => mount.Name?.length === 64);
    await other.host.closeRun(runId);
    await other.runs.warm.refill();
    await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(docker.getVolume(volume?.Name ?? '').inspect()).rejects.toMatchObject({ statusCode: 404 });
    await worker.runs.warm.close();
  });

  it('another source gets a box of its own', async () => {
    const worker = openWorker(1);
    await playRun(worker, createSource());
    const [waiting = ''] = await listWarm();
    const id = await findId(waiting);
    const runId = randomUUID();
    await worker.host.openRun({ runId, source: createSource(), attempts: [] });
    expect(await findId(boxName(runId))).not.toBe(id);
    await worker.host.closeRun(runId);
    await worker.runs.warm.refill();
    // The one nobody asks for any more made place for the newest.
    await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await worker.runs.warm.close();
  });

  // A daemon that is told twice at once to rename a container does so twice, more often than not.
  it.each([1, 2, 3, 4])('of two workers that want one at once each run has its own, try %i', async () => {
    const source = createSource();
    const [first, second] = [openWorker(1), openWorker(1)];
    await playRun(first, source);
    // Both know of the one that waits.
    await Promise.all([first, second].map(({ runs }) => runs.warm.refill()));
    const ids = [randomUUID(), randomUUID()] as const;
    await Promise.all([
      first.host.openRun({ runId: ids[0], source, attempts: [] }),
      second.host.openRun({ runId: ids[1], source, attempts: [] }),
    ]);
    expect(await findId(boxName(ids[0]))).not.toBe(await findId(boxName(ids[1])));
    await Promise.all([first.host.closeRun(ids[0]), second.host.closeRun(ids[1])]);
    await Promise.all([first.runs.warm.close(), second.runs.warm.close()]);
  });

  it('what a killed worker left waiting serves the next one, or goes', async () => {
    const source = createSource();
    await playRun(openWorker(2), source);
    expect(await listWarm()).toHaveLength(2);
    const runId = randomUUID();
    const next = openWorker(2);
    await next.host.openRun({ runId, source, attempts: [] });
    const box = await docker.getContainer(boxName(runId)).inspect();
    expect(box.Config.Labels[WARM_LABEL]).toBeDefined();
    await next.host.closeRun(runId);
    await next.runs.warm.close();
    expect(await listWarm()).toEqual([]);
  });
});
