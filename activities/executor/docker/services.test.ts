import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ReadyCheck } from '#core/service.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { followAttempt, packFiles, SOURCE_FILES } from '../executor.contract.ts';
import type { AttemptSpec, ServiceSpec } from '../port.ts';
import { testServices } from '../service.contract.ts';
import { createSpec } from '../testing/attempt-spec.ts';
import { connectDocker } from './connect.ts';
import { dockerExecutor } from './executor.ts';
import { dockerHost } from './host.ts';
import { INSTANCE_LABEL } from './names.ts';
import { createDockerRuns } from './runs.ts';

const ENDPOINT = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
const IMAGE = { ref: busyboxImage, pull: 'never' } as const;
const RUNNING: ReadyCheck = { kind: 'image', timeoutMs: 60_000 };

describeWith(['docker'], 'services in containers', () => {
  testServices('docker', async () => ({
    ...openSubject(),
    image: IMAGE,
    imageDigest: async () => (await connectDocker(ENDPOINT).getImage(busyboxImage).inspect()).Id,
    describeService: (_, endsWith) => ({
      env: {},
      command: ['sh', '-c', endsWith === undefined ? 'echo up; sleep 600' : `echo up; exit ${endsWith}`],
      ready: RUNNING,
    }),
  }));

  it('two stages have a service of the same name and port at once, and neither sees the other', async () => {
    const { open, close } = await openRun();
    const script = 'nc -w 1 db 5432 </dev/null; nc -w 1 other 5433 </dev/null && echo reached; true';
    const attempts = ['one', 'two'].map((stage) =>
      open(stage, script, [
        serve('db', 5432, `db of ${stage}`),
        ...(stage === 'one' ? [serve('other', 5433, 'other')] : []),
      ]),
    );
    const texts = await Promise.all(attempts.map(async (attempt) => attempt.run()));
    expect(texts).toEqual(['db of one\nother\nreached\n', expect.stringMatching(/^db of two\nnc: bad address/)]);
    await close();
  });

  it('a service reaches another one under its name', async () => {
    const { open, close } = await openRun();
    const relay: ServiceSpec = {
      ...{ name: 'relay', image: IMAGE, env: {}, command: ['sh', '-c', `${ASK} >/got; sleep 600`] },
      ready: { kind: 'exec', command: ['grep', '-q', 'through', '/got'], timeoutMs: 60_000 },
    };
    const attempt = open('chain', 'echo ready', [serve('db', 5432, 'through'), relay]);
    expect(await attempt.run()).toBe('ready\n');
    await close();
  });

  it.each<[string, ReadyCheck]>([
    ['tcp', { kind: 'tcp', port: 80, timeoutMs: 60_000 }],
    ['http', { kind: 'http', port: 80, path: '/ok', timeoutMs: 60_000 }],
    ['exec', { kind: 'exec', command: ['test', '-e', '/www/ok'], timeoutMs: 60_000 }],
  ])('is ready by %s when it can be used, and not before', async (_, ready) => {
    const { open, close } = await openRun();
    const answer = answerOn(
      80,
      String.raw`read -r ask; case $ask in "GET /ok HTTP/1.0"*) echo "HTTP/1.0 204 OK";; esac`,
    );
    const command = ['sh', '-c', `until [ -e /go ]; do sleep 0.05; done; mkdir /www; touch /www/ok; ${answer}`];
    const attempt = open('web', 'true', [{ name: 'web', image: IMAGE, env: {}, command, ready }]);
    await attempt.services.start(attempt.spec);
    expect(await attempt.look()).toEqual({ kind: 'running', isReady: false });
    await attempt.execIn('web', ['touch', '/go']);
    await vi.waitFor(async () => expect(await attempt.look()).toEqual({ kind: 'running', isReady: true }), 60_000);
    await close();
  });

  it('goes by the health check of the image, else by its exposed port', async () => {
    const { open, close, docker } = await openRun();
    const health = await commit(docker, ['HEALTHCHECK --interval=300s CMD test -e /healthy', 'EXPOSE 81']);
    const exposed = await commit(docker, ['EXPOSE 8080/udp', 'EXPOSE 90', 'EXPOSE 82']);
    const command = ['sh', '-c', 'until [ -e /healthy ]; do sleep 0.05; done; nc -ll -p 82 -e true'];
    const services = [health, exposed].map((ref, index): ServiceSpec => ({
      ...{ name: `s${index}`, image: { ref, pull: 'never' }, env: {}, command, ready: RUNNING },
    }));
    const attempt = open('images', 'true', services);
    await attempt.services.start(attempt.spec);
    for (const name of ['s0', 's1']) {
      expect(await attempt.look(name)).toEqual({ kind: 'running', isReady: false });
      await attempt.execIn(name, ['touch', '/healthy']);
      await vi.waitFor(async () => expect(await attempt.look(name)).toMatchObject({ isReady: true }), 60_000);
    }
    await close();
    for (const ref of [health, exposed]) await docker.getImage(ref).remove({ force: true });
  });

  it('a service whose image cannot be had is our fault, and nothing has started', async () => {
    const { open, close } = await openRun();
    const absent = { ...serve('db', 5432, ''), image: { ref: 'buildit-test/absent:1', pull: 'never' } } as const;
    const attempt = open('absent', 'true', [absent]);
    await expect(attempt.services.start(attempt.spec)).rejects.toMatchObject({
      fault: { code: 'image-missing' },
      neverStarted: true,
    });
    await close();
  });

  it('nothing of it outlives its run', async () => {
    const { open, close, docker, label } = await openRun();
    const attempt = open('left', 'true', [serve('db', 5432, '')]);
    await attempt.services.start(attempt.spec);
    await close();
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    expect(await docker.listNetworks({ filters: { label } })).toEqual([]);
  });

  it('a secret file is there for the stage alone, and its value nowhere in the environment', async () => {
    const { open, close } = await openRun();
    const script = [
      'stat -Lc "%a %U" /root/.ssh/key; cat /root/.ssh/key; df /root/.ssh/key | tail -1 | cut -d" " -f1',
      'env | grep -c -e hidden -e __bi || true',
    ].join('\n');
    const attempt = open('file', script, []);
    const files = [{ path: '/root/.ssh/key', content: 'hidden\n"two" $lines\n' }];
    expect(await attempt.run({ secretFiles: files })).toBe('400 root\nhidden\n"two" $lines\ntmpfs\n0\n');
    await close();
  });

  it('a secret file that cannot be made fails the stage with its path', async () => {
    const { open, close } = await openRun();
    const attempt = open('denied', 'echo never', []);
    const files = [{ path: '/etc/deep/key', content: 'x' }];
    const text = await attempt.run({ secretFiles: files, user: '1000' });
    expect(text).toContain('buildit: the secret file /etc/deep/key cannot be made here\n');
    expect(text).not.toContain('never');
    await close();
  });

  it('an image of another platform is refused before anything starts', async () => {
    const { open, close, docker } = await openRun();
    const { Os: system, Architecture: architecture } = await docker.getImage(busyboxImage).inspect();
    const attempt = open('platform', 'echo here', []);
    expect(await attempt.run({ platform: `${system}/${architecture}` })).toBe('here\n');
    const other = open('other-platform', 'true', []);
    await expect(other.run({ platform: 'linux/s390x' })).rejects.toMatchObject({
      fault: { code: 'image-platform' },
      neverStarted: true,
    });
    await close();
  });
});

const ASK = 'until nc -w 1 db 5432 </dev/null; do sleep 0.05; done';

/** A service that answers one line to whoever connects to its port. */
function serve(name: string, port: number, line: string): ServiceSpec {
  return {
    ...{ name, image: IMAGE, env: { LINE: line }, ready: { kind: 'tcp', port, timeoutMs: 60_000 } },
    command: ['sh', '-c', answerOn(port, 'echo "$LINE"')],
  };
}

/** A script that answers every connection to a port with what a command prints. */
function answerOn(port: number, command: string): string {
  return `printf '#!/bin/sh\\n%s\\n' '${command}' >/answer; chmod +x /answer; exec nc -ll -p ${port} -e /answer`;
}

function openSubject() {
  const docker = connectDocker(ENDPOINT);
  const instance = `test-${randomUUID()}`;
  const settings = { docker, endpoint: ENDPOINT, instance, image: busyboxImage };
  return {
    ...{ docker, instance },
    openWorker() {
      const runs = createDockerRuns(settings, () => packFiles(SOURCE_FILES));
      return { executor: dockerExecutor(settings, runs), host: dockerHost(settings, runs) };
    },
    source: {
      kind: 'copy',
      snapshot: { digest: randomUUID().replaceAll('-', ''), files: 2, bytes: 20 },
    } as const,
    async dispose() {
      const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${INSTANCE_LABEL}=${instance}`] } });
      for (const { Name: name } of volumes ?? []) await docker.getVolume(name).remove();
    },
  };
}

async function openRun() {
  const subject = openSubject();
  const { executor, host } = subject.openWorker();
  const runId = randomUUID();
  await host.openRun({ runId, source: subject.source, attempts: [] });
  const services = executor.services ?? expect.fail();
  const open = (stage: string, script: string, beside: ServiceSpec[]) => {
    const { source } = subject;
    const spec = createSpec([script], { runId, stage, source, image: IMAGE, services: beside });
    const find = (name: string | undefined) => beside.find((each) => name === undefined || each.name === name);
    return {
      ...{ spec, services },
      look: (name?: string) => services.check(spec, find(name) ?? expect.fail()),
      async execIn(service: string, command: string[]) {
        const container = subject.docker.getContainer(`${spec.name}-svc-${service}`);
        const exec = await container.exec({ Cmd: command, AttachStdout: true });
        const stream = await exec.start({ hijack: true, stdin: false });
        await new Promise((resolve) => stream.on('end', resolve).resume());
      },
      async run(changes: Partial<AttemptSpec> = {}) {
        const changed = { ...spec, ...changes };
        if (beside.length > 0) await services.start(changed);
        for (const each of beside) {
          await vi.waitFor(
            async () => expect(await services.check(changed, each)).toMatchObject({ isReady: true }),
            20_000,
          );
        }
        return (await followAttempt(executor, await executor.start(changed))).text;
      },
    };
  };
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= host.closeRun(runId).then(() => subject.dispose()));
  // Also of a test that failed half-way.
  onTestFinished(close);
  return { open, close, docker: subject.docker, label: [`${INSTANCE_LABEL}=${subject.instance}`] };
}

/** The test's image with something more said about it. */
async function commit(docker: ReturnType<typeof connectDocker>, changes: string[]): Promise<string> {
  const container = await docker.createContainer({ Image: busyboxImage, Cmd: ['true'] });
  const repo = `buildit-test/service-${randomUUID()}`;
  await container.commit({ repo, tag: '1', changes: changes.join('\n') });
  await container.remove();
  return `${repo}:1`;
}
