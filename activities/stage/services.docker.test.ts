import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { handleName } from '#core/ids.ts';
import type { StagePlan } from '#core/plan.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { connectDocker } from '../executor/docker/connect.ts';
import { INSTANCE_LABEL } from '../executor/docker/names.ts';
import { openDockerExecutor } from '../executor/docker/testing/open-docker-executor.ts';
import { openStageBench, type StageBench, stepsOf } from './testing/stage-bench.ts';
import type { WorkerOrder } from './testing/worker-main.ts';

const ENDPOINT = 'unix:///var/run/docker.sock';
const docker = connectDocker(ENDPOINT);

/** Containers begin in a fraction of a second each, on a machine that has little else to do. */
const PATIENCE = { timeout: 60_000 };
const TEST_MS = 150_000;

describeWith(['docker'], 'services of a stage in containers', () => {
  const instance = `test-${randomUUID()}`;
  const label = [`${INSTANCE_LABEL}=${instance}`];

  it(
    'a worker that is killed while they are awaited, and one while the stage runs, cost neither of them anything',
    async () => {
      const bench = await openBench({
        steps: stepsOf('echo begun; until [ -e go ]; do sleep 0.1; done; nc -w 1 db 80 </dev/null'),
      });
      const attempt = handleName(bench.runId, 'build', 1);
      const first = startWorker(bench);
      await expect.poll(() => findStart(`${attempt}-svc-db`), PATIENCE).not.toBeNull();
      const startedAt = await findStart(`${attempt}-svc-db`);
      await kill(first);

      const second = startWorker(bench);
      await execIn(`${attempt}-svc-db`, ['touch', '/open']);
      await expect.poll(() => findStart(attempt), PATIENCE).not.toBeNull();
      await kill(second);

      const result = bench.openWorker().run('build', {}, 3).result;
      await execIn(attempt, ['touch', '/workspace/go']);
      expect(await result).toMatchObject({ ending: 'passed', exitCode: 0 });
      expect((await bench.readLog('build')).toString()).toBe('begun\nstill the same\n');
      const key = { runId: bench.runId, stage: 'build', attempt: 1, service: 'db' };
      expect(await bench.stores.logs.readLines(key, 1, 10)).toMatchObject([{ text: `db began` }]);
      expect(startedAt).not.toBeNull();
      await expect.poll(() => docker.listNetworks({ filters: { label } }), PATIENCE).toEqual([]);
      await bench.dispose();
      expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'one that dies ends the stage, which is told why; the next attempt has its own',
    async () => {
      const bench = await openBench({ steps: stepsOf('until [ -e never ]; do sleep 0.1; done'), graceMs: 500 });
      const attempt = handleName(bench.runId, 'build', 1);
      const worker = bench.openWorker();
      const running = worker.run('build').result;
      await expect.poll(() => findStart(`${attempt}-svc-db`), PATIENCE).not.toBeNull();
      await execIn(`${attempt}-svc-db`, ['touch', '/open']);
      await expect.poll(() => findStart(attempt), PATIENCE).not.toBeNull();
      await docker.getContainer(`${attempt}-svc-db`).kill({ signal: 'SIGKILL' });
      const result = await running;
      expect(result).toMatchObject({
        ending: 'failed',
        reason: {
          message: 'the service "db" ended with exit 137 while the stage ran',
          values: { service: 'db', log: 'db began' },
        },
      });
      const next = worker.run('build', { attempt: 2, version: 2, previous: [result] });
      const second = handleName(bench.runId, 'build', 2);
      await expect.poll(() => findStart(`${second}-svc-db`), PATIENCE).not.toBeNull();
      next.tell('cancel');
      expect(await next.result).toMatchObject({ ending: 'cancelled', started: false });
      await bench.dispose();
      expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
      expect(await docker.listNetworks({ filters: { label } })).toEqual([]);
    },
    TEST_MS,
  );

  /** A service `db` that can be used once a file `/open` is in it, and that says whether it began twice. */
  async function openBench(stage: Partial<StagePlan>): Promise<StageBench> {
    const script =
      'echo db began; until [ -e /open ]; do sleep 0.1; done; [ ! -e /began ] || exit 1; touch /began; ' +
      "printf '#!/bin/sh\\necho still the same\\n' >/answer; chmod +x /answer; exec nc -ll -p 80 -e /answer";
    const image = { ref: busyboxImage, pull: 'never' } as const;
    const ready = { kind: 'tcp', port: 80, timeoutMs: 60_000 } as const;
    const db = { name: 'db', image, env: {}, secrets: [], command: ['sh', '-c', script], ready };
    const bench = await openStageBench({
      ...{ stages: [{ name: 'build', services: [db], ...stage }], kind: 'docker', image: busyboxImage },
      dockerEndpoint: ENDPOINT,
      openExecutor: openDockerExecutor(ENDPOINT, instance),
    });
    const source = { kind: 'in-place', folder: bench.folder } as const;
    onTestFinished(() => bench.dispose());
    await bench.openWorker().host.openRun({ runId: bench.runId, source, attempts: [] });
    return bench;
  }

  function startWorker(bench: StageBench) {
    const order: WorkerOrder = {
      ...{ folder: bench.folder, instance, kind: 'docker', image: busyboxImage },
      ...{ task: bench.taskOf('build'), context: bench.contextOf() },
    };
    const entry = fileURLToPath(new URL('testing/worker-main.ts', import.meta.url));
    return spawn(process.execPath, [entry, JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
});

async function kill(worker: ReturnType<typeof spawn>): Promise<void> {
  process.kill(worker.pid ?? 0, 'SIGKILL');
  await once(worker, 'exit');
}

/** When a container began (ISO); null while it has not. */
async function findStart(name: string): Promise<string | null> {
  const info = await docker
    .getContainer(name)
    .inspect()
    .catch(() => null);
  return info?.State.Running ? info.State.StartedAt : null;
}

async function execIn(name: string, command: string[]): Promise<void> {
  const exec = await docker.getContainer(name).exec({ Cmd: command, AttachStdout: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  await new Promise((resolve) => stream.on('end', resolve).resume());
}
