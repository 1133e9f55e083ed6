import { describe, expect, it } from 'vitest';
import { type Fault, FaultError } from '#core/fault.ts';
import { useFakeBuild } from './testing/fake-build.ts';

const fake = useFakeBuild();
const PASSING: Fault['retry'] = { kind: 'yes', afterMs: 1 };

describe('patience', () => {
  const fault: Fault = { code: 'docker-unreachable', message: 'away', retry: PASSING };

  it('begins anew with each outage, also for a stage that prints nothing', async () => {
    const worker = await fake.openBuild(
      { durationMs: 300, holdMs: 100, followFaults: [fault, fault] },
      {},
      { patienceMs: 30 },
    );
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
  });

  it('ends with an outage that lasts', async () => {
    const faults = Array.from({ length: 10_000 }, () => fault);
    const worker = await fake.openBuild({ hang: true, followFaults: faults }, {}, { patienceMs: 30 });
    expect(await worker.run('build').result).toMatchObject({ ending: 'errored', faultCode: 'docker-unreachable' });
  });
});

describe('a task that is delivered again', () => {
  async function loseBegun() {
    const worker = await fake.openBuild({ hang: true, output: Buffer.from('once\n') });
    const call = worker.run('build');
    await expect.poll(() => fake.bench.records.writes).toContain('started build 1');
    await expect.poll(async () => (await fake.bench.readLog('build')).toString()).toBe('once\n');
    call.tell('leave');
    await call.result.catch(() => undefined);
    // As a forced close does: no trace of it is left.
    await worker.host.closeRun(fake.bench.runId);
    return fake.bench.openWorker();
  }

  it.each([
    ['is delivered again', {}, 2],
    ['is a new task of the same attempt', { isAgain: true }, 1],
  ] as const)(
    'never begins what had begun, though nothing is left of it, when it %s; its log says where it breaks off',
    async (_how, changes, delivery) => {
      const worker = await loseBegun();
      expect(await worker.run('build', changes, delivery).result).toMatchObject({
        ending: 'errored',
        faultCode: 'attempt-lost',
      });
      expect(fake.runtime.created).toHaveLength(1);
      expect(await fake.bench.stores.logs.index({ runId: fake.bench.runId, stage: 'build', attempt: 1 })).toMatchObject(
        {
          ended: true,
          gaps: [{}],
        },
      );
      expect((await fake.bench.readLog('build')).toString()).toBe('once\n');
    },
  );

  it('is cancelled when nothing is left of it and a cancel is known', async () => {
    const worker = await loseBegun();
    const call = worker.run('build', {}, 2);
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', fault: null, started: true });
    expect(fake.runtime.created).toHaveLength(1);
  });

  it('begins what had never begun', async () => {
    const worker = await fake.openBuild({});
    expect(await worker.run('build', {}, 2).result).toMatchObject({ ending: 'passed' });
  });

  it('begins anew after a reset', async () => {
    const worker = await fake.openBuild({ hang: true });
    const call = worker.run('build');
    await expect.poll(() => fake.bench.records.writes).toContain('started build 1');
    call.tell('reset');
    await call.result.catch(() => undefined);
    fake.runtime.behaviours.set('build', {});
    expect(await fake.bench.openWorker().run('build', {}, 2).result).toMatchObject({ ending: 'passed' });
    expect(fake.runtime.created).toHaveLength(2);
  });
});

describe('the surroundings', () => {
  it('cancel: the program is stopped and the attempt cancelled', async () => {
    const worker = await fake.openBuild({ hang: true, output: Buffer.from('x\n') });
    const call = worker.run('build');
    await expect.poll(() => fake.runtime.created.length).toBe(1);
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', reason: { code: 'cancelled' } });
  });

  it('cancel: what is taken away before it has ended is cancelled all the same', async () => {
    const lost: Fault = { code: 'attempt-lost', message: 'gone', retry: { kind: 'no' } };
    const worker = await fake.openBuild({ hang: true, holdMs: 50, followFaults: [lost] });
    const call = worker.run('build');
    await fake.findAttempt();
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', fault: null, faultCode: null, started: true });
  });

  it('cancel: artifacts that cannot be taken any more do not make it an error', async () => {
    const rule = { name: 'logs', paths: ['*'], on: 'always', expireMs: null, optional: false } as const;
    const worker = await fake.openBuild({ hang: true }, { artifacts: [{ ...rule, paths: [...rule.paths] }] });
    const gone: Fault = { code: 'attempt-lost', message: 'gone', retry: { kind: 'no' } };
    worker.executor.collect = async () => Promise.reject(new FaultError(gone));
    const call = worker.run('build');
    await fake.findAttempt();
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', artifacts: [] });
    expect(fake.bench.reports).toHaveLength(1);
  });

  it('cancel before it began: nothing is started', async () => {
    const worker = await fake.openBuild({ hang: true });
    const call = worker.run('build');
    call.tell('cancel');
    expect(await call.result).toMatchObject({ ending: 'cancelled', started: false });
    expect(fake.runtime.created).toEqual([]);
  });

  it.each(['cancel', 'leave'] as const)('%s interrupts a start that waits for something', async (reason) => {
    const worker = await fake.openBuild({ stallsStart: true });
    const call = worker.run('build');
    const settled = Promise.allSettled([call.result]);
    await expect.poll(() => fake.runtime.starts).toBe(1);
    call.tell(reason);
    const [outcome] = await settled;
    if (reason === 'leave') expect(outcome).toMatchObject({ reason: { type: 'stage-left' } });
    else expect(outcome).toMatchObject({ value: { ending: 'cancelled', started: false } });
    expect(fake.runtime.created).toEqual([]);
  });

  it('leave: the program goes on and the next worker takes it to its end', async () => {
    const worker = await fake.openBuild({ durationMs: 300, output: Buffer.from('once\n') });
    const call = worker.run('build');
    await expect.poll(() => fake.runtime.created.length).toBe(1);
    call.tell('leave');
    await expect(call.result).rejects.toMatchObject({ type: 'stage-left', nonRetryable: false });
    expect(await fake.bench.openWorker().run('build').result).toMatchObject({ ending: 'passed' });
    expect((await fake.bench.readLog('build')).toString()).toBe('once\n');
    expect(fake.runtime.created).toHaveLength(1);
  });
});
