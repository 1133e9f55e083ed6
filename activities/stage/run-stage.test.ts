import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '#core/fault.ts';
import type { StagePlan } from '#core/plan.ts';
import { type MemorySecretStore, memorySecretStore } from '#store/secret/memory-secret-store.ts';
import { useFakeBuild } from './testing/fake-build.ts';

const fake = useFakeBuild();
const PASSING: Fault['retry'] = { kind: 'yes', afterMs: 1 };

describe('an attempt', () => {
  it('passes with outputs, log and recorded end', async () => {
    const worker = await fake.openBuild({ output: Buffer.from('hello\nno newline'), outputs: 'tag=v1' });
    const result = await worker.run('build').result;
    expect(result).toMatchObject({
      ending: 'passed',
      exitCode: 0,
      step: null,
      reason: null,
      outputs: { tag: 'v1' },
      started: true,
    });
    expect((await fake.bench.readLog('build')).toString()).toBe('hello\nno newline');
    expect(
      (await fake.bench.stores.logs.index({ runId: fake.bench.runId, stage: 'build', attempt: 1 })).groups,
    ).toMatchObject([{ step: 1, exitCode: 0 }]);
    expect(fake.bench.records.writes.at(-1)).toBe('ended build 1');
    expect([...fake.bench.records.ends.values()][0]).toMatchObject({
      settlement: { kind: 'ended', ending: 'passed' },
      log: { bytes: 16, lines: 2 },
    });
    expect(fake.bench.reports).toEqual([]);
  });

  it('that waits for an image says how far it is until it begins, no more often than people can read', async () => {
    const pulls = [1, 2, 3].map((done) => ({ ref: 'node:24', done: done * 1e8, total: 12e8 }));
    const worker = await fake.openBuild({ pulls });
    const began = performance.now();
    await worker.run('build').result;
    const seconds = (performance.now() - began) / 1_000;
    const { writes } = fake.bench.records;
    const told = writes.filter((write) => write.startsWith('pulling'));
    expect(told[0]).toBe('pulling image node:24, 100 of 1200 MB for build 1');
    // At once, and then each second at most: one, unless the machine was busy.
    expect(told.length).toBeLessThanOrEqual(1 + seconds);
    expect(writes.indexOf(told[0] ?? '')).toBeLessThan(writes.indexOf('started build 1'));
  });

  it('that was cancelled under an earlier worker is not held at a breakpoint', async () => {
    const worker = await fake.openBuild({});
    fake.bench.contextOf().debug = { breakAt: ['build'], shellOnFailure: false };
    const result = await worker.run('build', { isCancelled: true }).result;
    expect(result).toMatchObject({ ending: 'cancelled', started: false });
    expect(fake.runtime.created).toHaveLength(0);
  });

  it('that is recorded is answered as it stands, and nothing is touched', async () => {
    const worker = await fake.openBuild({});
    const first = await worker.run('build').result;
    expect(await fake.bench.openWorker().run('build').result).toEqual(first);
    expect(fake.runtime.created).toHaveLength(1);
  });

  it('that exits with a code failed, in the step that did', async () => {
    const worker = await fake.openBuild({ exitCode: 3 });
    const result = await worker.run('build').result;
    expect(result).toMatchObject({
      ending: 'failed',
      exitCode: 3,
      step: 1,
      fault: null,
      reason: { code: 'exit', message: 'exit 3 in step 1' },
    });
  });

  it('that ran out of memory failed, with the limit named', async () => {
    const worker = await fake.openBuild(
      { outOfMemory: true },
      { resources: { cpu: null, memory: 64 * 2 ** 20, pids: null, disk: null } },
    );
    expect(await worker.run('build').result).toMatchObject({
      ending: 'failed',
      reason: { code: 'out-of-memory', message: 'out of memory, limit 64 MiB' },
    });
  });

  it('that was killed from outside errored, never failed', async () => {
    const worker = await fake.openBuild({ isKilled: true });
    expect(await worker.run('build').result).toMatchObject({
      ending: 'errored',
      faultCode: 'stage-killed',
      started: true,
    });
  });

  it('that ended by a signal while the runtime was away errored', async () => {
    const worker = await fake.openBuild({ exitCode: 143, lostContact: true });
    expect(await worker.run('build').result).toMatchObject({ ending: 'errored', faultCode: 'stage-killed' });
  });

  it('that takes too long timed out, and its artifacts for failures are kept', async () => {
    const artifacts: StagePlan['artifacts'] = [
      { name: 'logs', paths: ['logs/**'], on: 'failure', expireMs: 1_000, optional: false },
      { name: 'dist', paths: ['dist/**'], on: 'success', expireMs: null, optional: false },
    ];
    const worker = await fake.openBuild({ hang: true, files: { 'logs/a': 'x' } }, { timeoutMs: 30, artifacts });
    const result = await worker.run('build').result;
    expect(result).toMatchObject({ ending: 'timed-out', reason: { code: 'timeout' } });
    expect(result.artifacts.map(({ name, files }) => ({ name, files }))).toEqual([{ name: 'logs', files: 1 }]);
    expect([...fake.bench.records.ends.values()][0]?.artifacts[0]?.expiresAt).not.toBeNull();
  });

  it('that people gave more time ends at that limit, also when it was found after its own', async () => {
    const long = await fake.openBuild({ durationMs: 60 }, { timeoutMs: 20 });
    fake.bench.records.extensions.set(`${fake.bench.runId} build`, 60_000);
    expect(await long.run('build').result).toMatchObject({ ending: 'passed' });
    const short = await fake.openBuild({ hang: true }, { timeoutMs: 20 });
    fake.bench.records.extensions.set(`${fake.bench.runId} build`, 180);
    expect(await short.run('build').result).toMatchObject({
      ending: 'timed-out',
      reason: { message: expect.stringContaining('0.2s') },
    });
  });

  it('that took too long and was taken away timed out', async () => {
    const lost: Fault = { code: 'attempt-lost', message: 'gone', retry: { kind: 'no' } };
    const worker = await fake.openBuild({ hang: true, holdMs: 200, followFaults: [lost] }, { timeoutMs: 20 });
    expect(await worker.run('build').result).toMatchObject({ ending: 'timed-out', reason: { code: 'timeout' } });
  });

  it('that ended in time passed, however late its successor comes', async () => {
    const worker = await fake.openBuild({ hang: true, holdMs: 20 }, { timeoutMs: 60_000 });
    const call = worker.run('build');
    const attempt = await fake.findAttempt();
    call.tell('leave');
    await call.result.catch(() => undefined);
    attempt.end(0);
    attempt.startedAt = new Date(Date.now() - 120_000).toISOString();
    attempt.endedAt = new Date(Date.now() - 90_000).toISOString();
    expect(await fake.bench.openWorker().run('build').result).toMatchObject({ ending: 'passed', exitCode: 0 });
  });

  it('that ended in time passed, although its limit expires while its output is read', async () => {
    const worker = await fake.openBuild({ hang: true, holdMs: 600 }, { timeoutMs: 400 });
    const call = worker.run('build');
    (await fake.findAttempt()).end(0);
    expect(await call.result).toMatchObject({ ending: 'passed', exitCode: 0 });
  });

  it('has its limit whether the clock is set back while it runs, or on', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const slow = (await fake.openBuild({ hang: true }, { timeoutMs: 100 })).run('build');
      await fake.findAttempt();
      vi.setSystemTime(Date.now() - 3_600_000);
      expect(await slow.result).toMatchObject({ ending: 'timed-out', reason: { code: 'timeout' } });
      await fake.bench.dispose();
      fake.runtime.attempts.clear();
      const quick = (await fake.openBuild({ hang: true }, { timeoutMs: 60_000 })).run('build');
      const attempt = await fake.findAttempt();
      vi.setSystemTime(Date.now() + 3_600_000);
      attempt.end(0);
      expect(await quick.result).toMatchObject({ ending: 'passed', exitCode: 0 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('whose required artifact matches nothing failed; an optional one is left out', async () => {
    const rule = { name: 'dist', paths: ['dist/**'], on: 'success', expireMs: null } as const;
    const worker = await fake.openBuild({}, { artifacts: [{ ...rule, paths: [...rule.paths], optional: false }] });
    const result = await worker.run('build').result;
    expect(result).toMatchObject({
      ending: 'failed',
      reason: { code: 'artifact-empty', values: { pattern: 'dist/**' } },
      artifacts: [],
    });
    await fake.bench.dispose();
    const other = await fake.openBuild({}, { artifacts: [{ ...rule, paths: [...rule.paths], optional: true }] });
    expect(await other.run('build').result).toMatchObject({ ending: 'passed', artifacts: [] });
  });

  it('finds the rules whose log-match stands in a line', async () => {
    const rule = { on: 'any', limit: 1, exit: [], backoffMs: 5, factor: 1, maxMs: null } as const;
    const worker = await fake.openBuild(
      { output: Buffer.from('first\nread ECONNRESET here\n'), exitCode: 1 },
      {
        retry: [
          { ...rule, exit: [], logMatch: '^ECONN' },
          { ...rule, exit: [], logMatch: 'ECONN\\w+' },
        ],
      },
    );
    expect(await worker.run('build').result).toMatchObject({ ending: 'failed', logMatches: [1] });
    expect([...fake.bench.records.ends.values()][0]?.settlement).toMatchObject({ kind: 'retry', afterMs: 5 });
  });
});

describe('values', () => {
  it('of secrets reach the stage and are masked in its log', async () => {
    const stage: Partial<StagePlan> = {
      secrets: [{ name: 'TOKEN', as: 'MY_TOKEN' }],
      env: { URL: { parts: ['https://x:', { ref: 'secrets.TOKEN' }, '@h'] } },
    };
    const worker = await fake.openBuild({ output: Buffer.from('the token is s3cr3t-value\n') }, stage, {
      secrets: { TOKEN: 's3cr3t-value' },
    });
    await worker.run('build').result;
    expect(fake.runtime.created[0]?.env).toMatchObject({ MY_TOKEN: 's3cr3t-value', URL: 'https://x:s3cr3t-value@h' });
    expect((await fake.bench.readLog('build')).toString()).toBe('the token is ***\n');
  }, 10_000);

  it('of secrets of a server run come from the store and are masked alike, line by line and encoded', async () => {
    const value = 'first-line-1\nsecond+line/2';
    const { runId, stored } = await keepSecret('TOKEN', value);
    const encoded = [Buffer.from(value).toString('base64'), encodeURIComponent(value), 'second+line/2'];
    const worker = await fake.openBuild(
      { output: Buffer.from(`${encoded.join('\n')}\n`) },
      { secrets: [{ name: 'TOKEN', as: 'MY_TOKEN' }] },
      { stored: { release: (request) => stored.release({ ...request, runId }) } },
    );
    await worker.run('build').result;
    expect(fake.runtime.created[0]?.env).toMatchObject({ MY_TOKEN: value });
    expect((await fake.bench.readLog('build')).toString()).toMatch(/^\*\*\*\w?=*\n\*\*\*\n\*\*\*\n$/);
    expect(stored.accesses).toMatchObject([{ stage: 'build', attempt: 1, name: 'TOKEN', verdict: 'released' }]);
  }, 10_000);

  it('of secrets that a server run may not have end the attempt errored before anything starts', async () => {
    const { runId, stored } = await keepSecret('OTHER', 'value');
    const worker = await fake.openBuild(
      {},
      { secrets: [{ name: 'TOKEN', as: 'T' }] },
      { stored: { release: (request) => stored.release({ ...request, runId }) } },
    );
    const result = await worker.run('build').result;
    expect(result).toMatchObject({ ending: 'errored', faultCode: 'secret-missing', started: false });
    expect(stored.accesses).toMatchObject([{ name: 'TOKEN', verdict: 'refused', code: 'secret-missing' }]);
    expect(fake.runtime.created).toEqual([]);
  });

  it('of a secret in an output fail the stage without being told', async () => {
    const worker = await fake.openBuild(
      { outputs: 'x=a s3cr3t-value b' },
      { secrets: [{ name: 'TOKEN', as: 'T' }] },
      { secrets: { TOKEN: 's3cr3t-value' } },
    );
    const result = await worker.run('build').result;
    expect(result).toMatchObject({ ending: 'failed', outputs: {}, reason: { code: 'outputs-hold-secret' } });
    expect(JSON.stringify(result)).not.toContain('s3cr3t');
  });

  it('that are missing end the attempt errored before anything starts', async () => {
    const worker = await fake.openBuild({}, { env: { TAG: { parts: [{ ref: 'stages.a.outputs.tag' }] } } });
    expect(await worker.run('build').result).toMatchObject({
      ending: 'errored',
      faultCode: 'value-missing',
      started: false,
    });
    await fake.bench.dispose();
    const other = await fake.openBuild({}, { secrets: [{ name: 'NONE', as: 'N' }] });
    expect(await other.run('build').result).toMatchObject({
      ending: 'errored',
      faultCode: 'secret-missing',
      started: false,
    });
    expect(fake.runtime.created).toEqual([]);
  });

  it('of the run and of other stages fill the environment; of the caller only what is named', async () => {
    const worker = await fake.openBuild({}, { env: { TAG: { parts: ['v', { ref: 'stages.a.outputs.tag' }] } } });
    await worker.run('build', { values: { 'stages.a.outputs.tag': '7' } }).result;
    const env = fake.runtime.created[0]?.env ?? {};
    expect(env).toMatchObject({
      TAG: 'v7',
      CI: 'true',
      BUILDIT_STAGE: 'build',
      BUILDIT_RUN_NUMBER: '1',
      BUILDIT_GIT_SHA: '',
    });
    expect(env).toHaveProperty('PATH');
    expect(env).not.toHaveProperty('SHOULD_NOT_LEAK');
  });
});

describe('faults', () => {
  it('that pass are waited for', async () => {
    const fault: Fault = { code: 'docker-unreachable', message: 'away', retry: PASSING };
    const worker = await fake.openBuild({
      startFaults: [fault, fault],
      followFaults: [fault],
      output: Buffer.alloc(200_000, 'x'),
    });
    expect(await worker.run('build').result).toMatchObject({ ending: 'passed' });
    expect((await fake.bench.readLog('build')).length).toBe(200_000);
    expect(fake.runtime.created).toHaveLength(1);
  });

  it('of a store that takes no log end the attempt errored with cause and hint, whatever its program says', async () => {
    const worker = await fake.openBuild({ output: Buffer.from('x\n') });
    // A file where the folder of all logs would be.
    await writeFile(join(fake.bench.folder, 'objects', 'logs'), '');
    const result = await worker.run('build').result;
    expect(result).toMatchObject({ ending: 'errored', faultCode: 'store-failed', started: true });
    expect(result.fault).toMatchObject({ cause: expect.stringContaining('ENOTDIR'), fix: expect.any(String) });
    expect([...fake.bench.records.ends.values()]).toMatchObject([{ log: { bytes: 0, lines: 0 } }]);
  });

  it('that do not pass end the attempt errored; it never started', async () => {
    const fault: Fault = { code: 'image-missing', message: 'no image', retry: { kind: 'no' } };
    const worker = await fake.openBuild({ startFaults: [fault] });
    expect(await worker.run('build').result).toMatchObject({
      ending: 'errored',
      faultCode: 'image-missing',
      started: false,
      exitCode: null,
    });
    expect([...fake.bench.records.ends.values()][0]?.settlement).toMatchObject({ kind: 'retry' });
  });

  it('while following end it errored and started, and the log says where it breaks off', async () => {
    const fault: Fault = { code: 'disk-full', message: 'The disk is full', retry: { kind: 'no' } };
    const worker = await fake.openBuild({ followFaults: [fault], output: Buffer.alloc(1_000, 'x'), hang: true });
    expect(await worker.run('build').result).toMatchObject({
      ending: 'errored',
      faultCode: 'disk-full',
      started: true,
    });
    expect(
      (await fake.bench.stores.logs.index({ runId: fake.bench.runId, stage: 'build', attempt: 1 })).gaps,
    ).toMatchObject([{ cause: 'The disk is full' }]);
  });
});

/** A store with one secret, and a run that may have it. */
async function keepSecret(name: string, value: string): Promise<{ runId: string; stored: MemorySecretStore }> {
  const stored = memorySecretStore();
  const place = { organizationId: 'o', workspaceId: 'w', environmentId: null, pipelineId: null };
  await stored.create({ place, name, value, by: 'user:ann' }, (write) => write(null as never));
  stored.runs.set('run', { ...place, isOpen: true });
  return { runId: 'run', stored };
}
