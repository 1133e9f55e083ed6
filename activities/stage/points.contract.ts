import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { handleName } from '#core/ids.ts';
import type { StagePlan } from '#core/plan.ts';
import { createBackgroundWork } from '../host/background-work.ts';
import { createHostActivities, type HostDeps } from '../host/host-activities.ts';
import { ensureKeeper } from '../lease/keeper-process.ts';
import { openLeases } from '../lease/renew-leases.ts';
import type { ClaimRecords } from '../record/port.ts';
import { createMemoryClaims } from './testing/memory-claims.ts';
import { type BenchOptions, openStageBench, type StageBench, stepsOf } from './testing/stage-bench.ts';
import type { WorkerOrder } from './testing/worker-main.ts';

export interface PointsSubject {
  kind: 'docker' | 'process';
  image: string | null;
  instance: string;
  dockerEndpoint: string | null;
  openExecutor: BenchOptions['openExecutor'];
}

/**
 * ARCHITECTURE §3, point by point, on an executor that runs real programs. Stages work in the bench's folder itself, so
 * the file `ledger` there is a witness outside of BuildIt.
 */
export function testPoints(subject: PointsSubject): void {
  let bench: StageBench;
  afterEach(() => bench.dispose());

  async function openBench(stages: Partial<StagePlan>[]): Promise<void> {
    bench = await openStageBench({ ...subject, stages });
    await bench
      .openWorker()
      .host.openRun({ runId: bench.runId, source: { kind: 'in-place', folder: bench.folder }, attempts: [] });
  }

  const readLedger = async (): Promise<string> => readFile(join(bench.folder, 'ledger'), 'utf8').catch(() => '');
  const hasBegun = async (): Promise<void> => {
    await expect.poll(readLedger, { timeout: 20_000 }).toContain('begun');
  };

  describe(`ARCHITECTURE §3 on ${subject.kind}`, () => {
    it('3.1 the handle has a deterministic name: a second delivery attaches, a third collects, none creates', async () => {
      await openBench([{ name: 'build', steps: stepsOf('echo begun >> ledger; echo out; sleep 0.5') }]);
      const first = bench.openWorker().run('build');
      await hasBegun();
      first.tell('leave');
      await expect(first.result).rejects.toMatchObject({ type: 'stage-left' });
      const { executor } = bench.openWorker();
      expect(await executor.find({ name: handleName(bench.runId, 'build', 1), runId: bench.runId })).not.toBeNull();
      expect(await bench.openWorker().run('build').result).toMatchObject({ ending: 'passed', exitCode: 0 });
      expect(await bench.openWorker().run('build').result).toMatchObject({ ending: 'passed', exitCode: 0 });
      expect(await readLedger()).toBe('begun\n');
      expect((await bench.readLog('build')).toString()).toBe('out\n');
    });

    it('3.1 a second attempt is a new one with a name of its own', async () => {
      await openBench([{ name: 'build', steps: stepsOf('echo "begun $BUILDIT_STAGE_ATTEMPT" >> ledger; exit 1') }]);
      const worker = bench.openWorker();
      const first = await worker.run('build').result;
      await worker.run('build', { attempt: 2, version: 2, previous: [first] }).result;
      expect(await readLedger()).toBe('begun 1\nbegun 2\n');
    });

    it('3.2 heartbeats come on a timer, also from a stage that prints nothing', async () => {
      await openBench([{ name: 'quiet', steps: stepsOf('echo begun >> ledger; sleep 4.5') }]);
      const call = bench.openWorker().run('quiet');
      await call.result;
      expect(call.heartbeats.length).toBeGreaterThanOrEqual(2);
      expect(call.heartbeats[0]).toMatchObject({ handle: handleName(bench.runId, 'quiet', 1) });
    });

    it('3.3 a cancel stops with grace, then reports cancelled', async () => {
      const script = `trap 'echo cleaned >> ledger; exit 1' TERM; echo begun >> ledger; while :; do sleep 0.05; done`;
      await openBench([{ name: 'build', steps: stepsOf(script), graceMs: 20_000 }]);
      const call = bench.openWorker().run('build');
      await hasBegun();
      call.tell('cancel');
      expect(await call.result).toMatchObject({ ending: 'cancelled' });
      expect(await readLedger()).toBe('begun\ncleaned\n');
    });

    it('3.3 what was cancelled under a worker that let go is stopped by the next one, with all it printed', async () => {
      const script = `trap 'echo cleaned; exit 1' TERM; echo begun >> ledger; echo begun; while :; do sleep 0.05; done`;
      await openBench([{ name: 'build', steps: stepsOf(script), graceMs: 20_000 }]);
      const call = bench.openWorker().run('build');
      await hasBegun();
      call.tell('leave');
      await expect(call.result).rejects.toMatchObject({ type: 'stage-left' });
      const next = bench.openWorker().run('build', { version: 2, isCancelled: true });
      expect(await next.result).toMatchObject({ ending: 'cancelled', started: true });
      expect((await bench.readLog('build')).toString()).toMatch(/^begun\n[^]*cleaned\n$/);
    });

    it('3.3 of what was cancelled before it began nothing is begun', async () => {
      await openBench([{ name: 'build', steps: stepsOf('echo begun >> ledger') }]);
      const call = bench.openWorker().run('build', { isCancelled: true });
      expect(await call.result).toMatchObject({ ending: 'cancelled', started: false });
      expect(await readLedger()).toBe('');
    });

    it('3.3 a worker that shuts down leaves the program running', async () => {
      await openBench([{ name: 'build', steps: stepsOf('echo begun >> ledger; sleep 0.5; echo ended >> ledger') }]);
      const call = bench.openWorker().run('build');
      await hasBegun();
      call.tell('leave');
      await expect(call.result).rejects.toMatchObject({ type: 'stage-left' });
      await expect.poll(readLedger, { timeout: 10_000 }).toBe('begun\nended\n');
    });

    it('3.3 a reset stops the program and begins it anew', async () => {
      await openBench([
        {
          name: 'build',
          steps: stepsOf('echo begun >> ledger; echo once; [ "$(grep -c begun ledger)" = 2 ] || sleep 600'),
        },
      ]);
      const call = bench.openWorker().run('build');
      await expect.poll(async () => (await bench.readLog('build')).toString(), { timeout: 20_000 }).toBe('once\n');
      call.tell('reset');
      await expect(call.result).rejects.toMatchObject({ type: 'stage-left' });
      expect(await bench.openWorker().run('build').result).toMatchObject({ ending: 'passed' });
      expect(await readLedger()).toBe('begun\nbegun\n');
      expect((await bench.readLog('build')).toString()).toBe('once\nonce\n');
      expect((await bench.stores.logs.index({ runId: bench.runId, stage: 'build', attempt: 1 })).gaps).toHaveLength(1);
    });

    it('3.4 a non-zero exit and a time limit are results', async () => {
      await openBench([
        { name: 'fails', steps: stepsOf('true', 'exit 7') },
        { name: 'slow', steps: stepsOf('sleep 600'), timeoutMs: 300 },
      ]);
      const worker = bench.openWorker();
      expect(await worker.run('fails').result).toMatchObject({ ending: 'failed', exitCode: 7, step: 2, fault: null });
      expect(await worker.run('slow').result).toMatchObject({ ending: 'timed-out', fault: null });
    });

    it('3.5 the log is equal byte for byte although the worker was killed while the stage printed 10 MB', async () => {
      // NULs, invalid UTF-8, no last newline; `tee` keeps the witness.
      const print = `i=0; while [ $i -lt 100 ]; do head -c 100000 /dev/urandom; i=$((i+1)); sleep 0.02; done; printf '\\000\\377end'`;
      await openBench([{ name: 'build', steps: stepsOf(`echo begun >> ledger; { ${print}; } | tee printed`) }]);
      const killed = startWorkerProcess('build');
      await expect
        .poll(() => sizeOf(join(bench.folder, 'printed')), { timeout: 30_000, interval: 20 })
        .toBeGreaterThan(1_500_000);
      process.kill(killed.pid ?? 0, 'SIGKILL');
      await once(killed, 'exit');
      // Part of it is printed while no worker lives.
      const atDeath = await sizeOf(join(bench.folder, 'printed'));
      await expect
        .poll(() => sizeOf(join(bench.folder, 'printed')), { timeout: 30_000 })
        .toBeGreaterThan(atDeath + 1_000_000);
      expect(await bench.openWorker().run('build').result).toMatchObject({ ending: 'passed', exitCode: 0 });
      const log = await bench.readLog('build');
      expect(log.length).toBe(10_000_005);
      expect(digest(log)).toBe(digest(await readFile(join(bench.folder, 'printed'))));
      expect(await readLedger()).toBe('begun\n');
      expect((await bench.stores.logs.index({ runId: bench.runId, stage: 'build', attempt: 1 })).gaps).toEqual([]);
    }, 90_000);

    it('3.6 what a run leaves is removed, and the reaper sees whose it is', async () => {
      await openBench([{ name: 'build', steps: stepsOf('echo begun >> ledger; sleep 600') }]);
      const call = bench.openWorker().run('build');
      await hasBegun();
      call.tell('leave');
      await call.result.catch(() => undefined);
      const { executor, host } = bench.openWorker();
      expect(await host.listRuns()).toContain(bench.runId);
      await host.closeRun(bench.runId);
      expect(await host.listRuns()).not.toContain(bench.runId);
      expect(await executor.find({ name: handleName(bench.runId, 'build', 1), runId: bench.runId })).toBeNull();
    });

    it('3.7 a run claims a host and gets its private queue; each host has its own', async () => {
      await openBench([{ name: 'build' }]);
      const claims = createMemoryClaims();
      const [left, right] = ['left', 'right'].map((hostId) => createHostActivities(makeHost(hostId, claims, 0)));
      const input = { runId: bench.runId, executor: subject.kind, stages: ['build'] };
      expect(await left?.openHost(input)).toMatchObject({
        hostId: 'left',
        queue: 'queue-left',
        executor: subject.kind,
      });
      expect(await right?.openHost(input)).toMatchObject({ hostId: 'right', queue: 'queue-right' });
    });

    it('3.8 files enter and leave by volume and trusted container; nothing of the stage is trusted on the way', async () => {
      const script = `printf 'tag=v1' >> "$BUILDIT_OUTPUT"; mkdir -p dist; echo made > dist/a; ln -s /etc/passwd dist/link`;
      const rule = { name: 'dist', paths: ['dist/*'], on: 'success', expireMs: null, optional: false } as const;
      await openBench([
        { name: 'make', steps: stepsOf(script), artifacts: [{ ...rule, paths: ['dist/a'] }] },
        { name: 'use', steps: stepsOf('cat dist/a >> ledger') },
      ]);
      const worker = bench.openWorker();
      const made = await worker.run('make').result;
      expect(made).toMatchObject({
        ending: 'passed',
        outputs: { tag: 'v1' },
        artifacts: [{ name: 'dist', files: 1, bytes: 5 }],
      });
      expect(await worker.run('use', { artifacts: made.artifacts }).result).toMatchObject({ ending: 'passed' });
      expect(await readLedger()).toBe('made\n');
    });

    it('3.9 a host that is cut off ends its programs before its lease ends; only then the run goes on elsewhere', async () => {
      await openBench([
        { name: 'build', steps: stepsOf('echo begun >> ledger; while :; do echo beat >> ledger; sleep 0.05; done') },
      ]);
      const claims = createMemoryClaims();
      const leaseMs = 6_000;
      const deps = makeHost('cut-off', claims, leaseMs);
      let isCutOff = false;
      const leases = openLeases({
        folder: join(bench.folder, 'leases'),
        hostId: 'cut-off',
        leaseMs,
        claims,
        contact: async () => {
          if (isCutOff) throw new Error('cut off from Temporal');
        },
        ensureKeeper: () =>
          ensureKeeper({
            folder: join(bench.folder, 'leases'),
            instance: subject.instance,
            image: subject.image ?? '',
            processFolder: join(bench.folder, 'processes'),
            pollMs: 50,
            idleMs: 200,
          }),
        report: () => undefined,
      });
      const cutOff = createHostActivities({ ...deps, lease: leases });
      await cutOff.openHost({ runId: bench.runId, executor: subject.kind, stages: ['build'] });
      const call = bench.openWorker().run('build');
      call.result.catch(() => undefined);
      await hasBegun();
      isCutOff = true;
      // Another worker is asked to wait until nothing of the run can be alive there.
      const other = createHostActivities(makeHost('other', claims, leaseMs));
      const isGone = async () => (await other.awaitHostGone({ runId: bench.runId, hostId: 'cut-off' })).isGone;
      expect(await isGone()).toBe(false);
      await expect.poll(isGone, { timeout: 30_000 }).toBe(true);
      const before = await readLedger();
      const { executor } = bench.openWorker();
      expect(await executor.find({ name: handleName(bench.runId, 'build', 1), runId: bench.runId })).toBeNull();
      expect(await readLedger()).toBe(before);
      await expect(cutOff.openHost({ runId: bench.runId, executor: subject.kind, stages: [] })).rejects.toMatchObject({
        type: 'host-lost',
      });
      leases.close();
    }, 60_000);

    it('3.9 a worker that was overtaken lets go: it stops nothing and its result is not taken', async () => {
      await openBench([
        {
          name: 'build',
          steps: stepsOf('echo begun >> ledger; for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done; exit 4'),
        },
      ]);
      const zombie = bench.openWorker().run('build');
      zombie.result.catch(() => undefined);
      await hasBegun();
      expect(await bench.openWorker().run('build').result).toMatchObject({ ending: 'failed', exitCode: 4 });
      await expect(zombie.result).rejects.toMatchObject({ type: 'stage-left' });
      expect((await bench.readLog('build')).toString()).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
      expect(bench.records.writes.filter((write) => write.startsWith('ended'))).toHaveLength(1);
    });

    it('3.10 what an attempt did outside is never done a second time, whenever its worker dies', async () => {
      await openBench([{ name: 'deploy', steps: stepsOf('echo begun >> ledger; sleep 0.3; echo done >> ledger') }]);
      for (let death = 0; death < 3; death++) {
        const worker = startWorkerProcess('deploy');
        await Promise.race([once(worker, 'exit'), hasBegun()]);
        process.kill(worker.pid ?? 0, 'SIGKILL');
        if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
      }
      expect(await bench.openWorker().run('deploy').result).toMatchObject({ ending: 'passed' });
      expect(await readLedger()).toBe('begun\ndone\n');
    }, 60_000);
  });

  function makeHost(hostId: string, claims: ClaimRecords, leaseMs: number): HostDeps {
    const { host } = bench.openWorker();
    return {
      hostId,
      queue: `queue-${hostId}`,
      leaseMs,
      markKey: 'key',
      records: bench.records,
      claims,
      objects: bench.stores.objects,
      findHost: () => host,
      lease: { keep: async () => {}, drop: async () => {} },
      maxPrepared: 64,
      background: createBackgroundWork(),
      heartbeat: () => undefined,
    };
  }

  /** A worker as a process of its own, to be killed. */
  function startWorkerProcess(stage: string) {
    const order: WorkerOrder = {
      folder: bench.folder,
      instance: subject.instance,
      kind: subject.kind,
      image: subject.image ?? '',
      task: bench.taskOf(stage),
      context: bench.contextOf(),
    };
    const entry = fileURLToPath(new URL('testing/worker-main.ts', import.meta.url));
    return spawn(process.execPath, [entry, JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
