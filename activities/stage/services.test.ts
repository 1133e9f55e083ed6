import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '#core/fault.ts';
import type { StagePlan } from '#core/plan.ts';
import type { ReadyCheck } from '#core/service.ts';
import { useFakeBuild } from './testing/fake-build.ts';
import { watchSilence } from './watch-silence.ts';

const fake = useFakeBuild();

function withServices(...services: { name: string; ready?: ReadyCheck }[]): Partial<StagePlan> {
  return {
    services: services.map(({ name, ready }) => ({
      ...{ name, image: { ref: 'none', pull: 'never' }, env: {}, secrets: [], command: null },
      ready: ready ?? { kind: 'tcp', port: 80, timeoutMs: 20_000 },
    })),
  };
}

const behave = (name: string, behaviour: Parameters<typeof fake.runtime.services.behaviours.set>[1]) =>
  fake.runtime.services.behaviours.set(name, behaviour);

async function readServiceLog(service: string, attempt = 1): Promise<string> {
  const chunks: Uint8Array[] = [];
  const key = { runId: fake.bench.runId, stage: 'build', attempt, service };
  for await (const chunk of fake.bench.stores.logs.readBytes(key, 0, Number.MAX_SAFE_INTEGER)) chunks.push(chunk);
  expect((await fake.bench.stores.logs.index(key)).ended).toBe(true);
  return Buffer.concat(chunks).toString();
}

describe('services of a stage', () => {
  it('the stage begins when all are ready, and they go with it; their output is kept', async () => {
    behave('db', { readyAfterChecks: 3, output: Buffer.from('db is up\n') });
    behave('web', { output: Buffer.from('web is up\n') });
    const worker = await fake.openBuild({}, withServices({ name: 'db' }, { name: 'web' }));
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
    await expect.poll(() => fake.runtime.services.running.size).toBe(0);
    expect(fake.runtime.services.writes.toSorted()).toEqual([
      'begin build 1 db',
      'begin build 1 web',
      'remove db',
      'remove web',
    ]);
    expect([await readServiceLog('db'), await readServiceLog('web')]).toEqual(['db is up\n', 'web is up\n']);
  });

  it('what they ran in is on record, of a stage that never began too', async () => {
    for (const readyAfterChecks of [0, Number.POSITIVE_INFINITY]) {
      behave('db', { image: 'sha256:dd', readyAfterChecks });
      behave('web', {});
      const ready: ReadyCheck = { kind: 'tcp', port: 80, timeoutMs: readyAfterChecks === 0 ? 20_000 : 100 };
      const worker = await fake.openBuild({}, withServices({ name: 'db', ready }, { name: 'web' }));
      const { started } = await worker.run('build').result;
      expect(started).toBe(readyAfterChecks === 0);
      expect([...fake.bench.records.ends.values()]).toMatchObject([{ serviceImages: { db: 'sha256:dd' } }]);
      await fake.bench.dispose();
    }
  });

  it('one that is never ready fails the stage, which never begins; it is named, with its last lines', async () => {
    behave('db', { readyAfterChecks: Number.POSITIVE_INFINITY, output: Buffer.from('no space for me\n') });
    behave('web', { readyAfterChecks: Number.POSITIVE_INFINITY });
    const never: ReadyCheck = { kind: 'tcp', port: 5432, timeoutMs: 100 };
    const worker = await fake.openBuild({}, withServices({ name: 'db', ready: never }, { name: 'web' }));
    expect(await worker.run('build').result).toMatchObject({
      ending: 'failed',
      started: false,
      fault: null,
      reason: {
        code: 'service-not-ready',
        message: 'the service "db" was not ready after 0.1s: its port 5432 took no connection',
        values: { service: 'db', log: 'no space for me' },
      },
    });
    expect(fake.runtime.created).toEqual([]);
    await expect.poll(() => fake.runtime.services.running.size).toBe(0);
  });

  it('one that ends before it is ready fails the stage at once', async () => {
    behave('db', { endsAfterMs: 0, exitCode: 1, readyAfterChecks: Number.POSITIVE_INFINITY });
    const worker = await fake.openBuild({}, withServices({ name: 'db' }));
    expect(await worker.run('build').result).toMatchObject({
      ending: 'failed',
      started: false,
      reason: { message: 'the service "db" ended with exit 1 before it was ready', values: { exit: '1' } },
    });
  });

  it('one that dies ends the stage as failed, with its last 50 lines at most', async () => {
    const lines = Array.from({ length: 80 }, (_, index) => `line ${index + 1}`);
    behave('db', { endsAfterMs: 100, exitCode: 139, output: Buffer.from(`${lines.join('\n')}\n`) });
    const worker = await fake.openBuild({ hang: true }, withServices({ name: 'db' }));
    expect(await worker.run('build').result).toMatchObject({
      ending: 'failed',
      exitCode: 143,
      reason: {
        code: 'service-ended',
        message: 'the service "db" ended with exit 139 while the stage ran',
        values: { service: 'db', exit: '139', log: lines.slice(-50).join('\n') },
      },
    });
  });

  it('is the cause of a failure that came right after its death, and fails a stage that passed without it', async () => {
    behave('db', { endsAfterMs: 50, exitCode: 1 });
    for (const exitCode of [2, 0]) {
      // The stage ends before anybody has told that its service did.
      const worker = await fake.openBuild(
        { durationMs: 60, exitCode, ignoresTerm: true },
        withServices({ name: 'db' }),
      );
      expect(await worker.run('build').result).toMatchObject({
        ending: 'failed',
        reason: { code: 'service-ended', values: { service: 'db' } },
      });
      await fake.bench.dispose();
    }
  });

  it('is ready by a line of its output, also when a worker takes over that was not there', async () => {
    behave('db', { output: Buffer.from('starting\nlistening on :80\nmore\n') });
    const ready: ReadyCheck = { kind: 'log', pattern: '^listening', timeoutMs: 20_000 };
    const worker = await fake.openBuild({}, withServices({ name: 'db', ready }));
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
    expect(await readServiceLog('db')).toBe('starting\nlistening on :80\nmore\n');
  });

  it('an image that cannot be had is no failure of the user', async () => {
    const fault: Fault = { code: 'image-missing', message: 'gone', retry: { kind: 'no' } };
    behave('db', { startFault: fault });
    const worker = await fake.openBuild({}, withServices({ name: 'db' }));
    expect(await worker.run('build').result).toMatchObject({
      ending: 'errored',
      started: false,
      faultCode: 'image-missing',
    });
  });

  it('a cancel while they are awaited begins nothing and leaves nothing', async () => {
    behave('db', { readyAfterChecks: Number.POSITIVE_INFINITY });
    const worker = await fake.openBuild({}, withServices({ name: 'db' }));
    const call = worker.run('build');
    await expect.poll(() => fake.runtime.services.running.size).toBe(1);
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', started: false });
    await expect.poll(() => fake.runtime.services.running.size).toBe(0);
    expect(fake.runtime.created).toEqual([]);
  });

  it('a worker that goes leaves them to the next one, which begins none again', async () => {
    behave('db', { output: Buffer.from('up\n') });
    const worker = await fake.openBuild({ hang: true }, withServices({ name: 'db' }));
    const call = worker.run('build');
    const settled = call.result.catch((error: unknown) => error);
    await expect.poll(() => fake.bench.records.writes).toContain('started build 1');
    call.tell('leave');
    await settled;
    expect(fake.runtime.services.running.size).toBe(1);
    const next = fake.bench.openWorker().run('build', {}, 2);
    await fake.findAttempt().then((attempt) => attempt.end(0));
    expect(await next.result).toMatchObject({ ending: 'passed' });
    expect(fake.runtime.services.writes.filter((write) => write.startsWith('begin'))).toEqual(['begin build 1 db']);
    expect(await readServiceLog('db')).toBe('up\n');
  });

  it('a reset begins them anew, and a retry has its own', async () => {
    behave('db', { output: Buffer.from('up\n') });
    const worker = await fake.openBuild({ hang: true }, withServices({ name: 'db' }));
    const call = worker.run('build');
    const settled = call.result.catch((error: unknown) => error);
    await expect.poll(() => fake.bench.records.writes).toContain('started build 1');
    call.tell('reset');
    await settled;
    fake.runtime.behaviours.set('build', {});
    expect(await fake.bench.openWorker().run('build', {}, 2).result).toMatchObject({ ending: 'passed' });
    expect(await fake.bench.openWorker().run('build', { attempt: 2 }).result).toMatchObject({ ending: 'passed' });
    expect(fake.runtime.services.writes.filter((write) => write.startsWith('begin'))).toEqual([
      'begin build 1 db',
      'begin build 1 db',
      'begin build 2 db',
    ]);
    expect(await readServiceLog('db')).toBe('up\nup\n');
    expect(await readServiceLog('db', 2)).toBe('up\n');
  });

  it('what they print of a secret is masked, in the log and in the reason', async () => {
    behave('db', { endsAfterMs: 0, exitCode: 1, output: Buffer.from('password: s3cr3t-value\n') });
    const services = withServices({ name: 'db' }).services?.map((service) => ({
      ...service,
      secrets: [{ name: 'PASSWORD', as: 'POSTGRES_PASSWORD' }],
    }));
    const worker = await fake.openBuild({}, { services: services ?? [] }, { secrets: { PASSWORD: 's3cr3t-value' } });
    const result = await worker.run('build').result;
    expect(result.reason?.values).toMatchObject({ log: 'password: ***' });
    expect(await readServiceLog('db')).toBe('password: ***\n');
    expect(JSON.stringify(result)).not.toContain('s3cr3t');
  });
});

describe('no-output-timeout', () => {
  it('ends an attempt that prints nothing for so long; marks are no output', async () => {
    const worker = await fake.openBuild({ hang: true, output: Buffer.from('x\n') }, { noOutputTimeoutMs: 100 });
    expect(await worker.run('build').result).toMatchObject({
      ending: 'timed-out',
      reason: { code: 'no-output', message: 'it printed nothing for 0.1s' },
    });
  });

  it('leaves alone what ends before, and what is over when it is found', async () => {
    const worker = await fake.openBuild({ durationMs: 20 }, { noOutputTimeoutMs: 10_000 });
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
  });

  it('an outage, in which nobody can hear it, is no silence', async () => {
    const fault: Fault = { code: 'docker-unreachable', message: 'gone', retry: { kind: 'yes', afterMs: 1_500 } };
    const worker = await fake.openBuild(
      { followFaults: [fault], output: Buffer.from('one\ntwo\n'), durationMs: 1_800 },
      { noOutputTimeoutMs: 1_000 },
    );
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
  });
});

describe('watchSilence', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watch() {
    let printed = 0;
    let take = async (): Promise<void> => undefined;
    const onSilent = vi.fn();
    const silence = watchSilence(100, onSilent);
    const sink = silence.listen({
      sink: { onBytes: async (bytes: Uint8Array) => ((printed += bytes.length), take()), onGap: async () => undefined },
      printedBytes: () => printed,
    });
    return { silence, onSilent, sink, takeFor: (ms: number) => (take = () => new Promise((r) => setTimeout(r, ms))) };
  }

  it('counts anew at each begin, and not at all in between', async () => {
    const { silence, onSilent } = watch();
    silence.begin();
    await vi.advanceTimersByTimeAsync(90);
    silence.suspend();
    await vi.advanceTimersByTimeAsync(500);
    silence.begin();
    await vi.advanceTimersByTimeAsync(90);
    expect(onSilent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('a clock that is set on, or back, is no silence and hides none', async () => {
    const { silence, onSilent, sink } = watch();
    silence.begin();
    await sink.onBytes(Buffer.from('x'));
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(50);
    await sink.onBytes(Buffer.from('x'));
    await vi.advanceTimersByTimeAsync(60);
    expect(onSilent).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() - 7_200_000);
    await vi.advanceTimersByTimeAsync(50);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('a log that is slow to take what was printed is no silence', async () => {
    const { silence, onSilent, sink, takeFor } = watch();
    takeFor(450);
    silence.begin();
    const taken = sink.onBytes(Buffer.from('x'));
    await vi.advanceTimersByTimeAsync(460);
    await taken;
    expect(onSilent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(onSilent).toHaveBeenCalledOnce();
  });
});
