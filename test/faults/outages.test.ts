import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '../env/describe-with.ts';
import { checkRuns, checkTogether, type ExpectedRun, findLeftovers } from './check-invariants.ts';
import { openLab, type Lab } from './lab.ts';
import { type Printing, readLedger, writeStep } from './ledger.ts';
import { chooseFault } from './long-faults.ts';
import { openRandom } from './random.ts';

/** Three heartbeats of the lab's workers, or five minutes; of a stage that prints longer than twice that. */
const STANDSTILL = chooseFault(
  { ms: 3_000, printing: { parts: 20, pause: '0.5' } },
  { ms: 300_000, printing: { parts: 65, pause: '10' } },
);
const AWAY = chooseFault(
  { ms: 5_000, printing: { parts: 8, pause: '0.5' } },
  { ms: 60_000, printing: { parts: 24, pause: '3' } },
);
const LIVE_RUNS = 20;
const CANCELS = 50;
const ROUNDS_OF_CANCELS = chooseFault(1, 10);
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 180_000;
const LIMIT_MS = chooseFault(400_000, 1_800_000);

const print = (name: string, executor: 'docker' | 'process', printing: Printing, words = '') =>
  `pipeline "${name}"
stage "work" {
  ${words}
  ${executor === 'docker' ? 'image "busybox:1.37"' : 'executor "process"'}
  ${writeStep(printing)}
}
`;

/** Says in its log whether it was asked to end, and takes no other way out. */
const listen = (name: string, executor: 'docker' | 'process') =>
  `pipeline "${name}"
stage "work" {
  ${executor === 'docker' ? 'image "busybox:1.37"' : 'executor "process"'}
  run #"""
    echo "begun $BUILDIT_RUN_ID $BUILDIT_STAGE $BUILDIT_STAGE_ATTEMPT" >> ledger
    trap 'echo was asked; exit 1' TERM
    echo listens
    while :; do sleep 0.1; done
    """#
}
`;

describeWith(['docker', 'temporal'], 'runs of separate processes', () => {
  let lab: Lab;
  /** Of all tests, and of all their tries. */
  const known = new Set<string>();
  /** Of this try of a test: a breach fails the test whose runs have it, and no other. */
  let own: ExpectedRun[] = [];
  beforeAll(async () => {
    lab = await openLab({ hosts: ['one'], workersEach: 2 });
  }, 400_000);
  afterAll(() => lab.dispose(), 60_000);
  beforeEach(() => {
    own = [];
    // Nothing of it is in the way of the next try.
    onTestFailed(async () => {
      await Promise.allSettled(own.map(({ run }) => lab.client.cancelRun(run.id, true)));
      await awaitEnds(own.map(({ run }) => run));
    }, PATIENCE_MS);
  });
  /** At the end of each test: nothing happened to its runs twice, and of none a part is lost. */
  const findBreaches = async () => {
    const isOwn = (left: string) => own.some(({ run }) => left.includes(run.id));
    await waitUntil(async () => !(await findLeftovers(lab)).some(isOwn));
    return checkRuns(lab, own);
  };

  const start = async (text: string, ...endings: string[]): Promise<RunObject> => {
    const run = await lab.start(text);
    own.push({ run, endings });
    known.add(run.id);
    return run;
  };
  const awaitBegun = async (runs: readonly RunObject[]): Promise<void> => {
    const hasBegun = ({ id }: RunObject) => readLedger(lab.folder).some(({ runId }) => runId === id);
    await waitUntil(() => runs.every(hasBegun));
  };
  const readText = async (runId: string): Promise<string> => {
    const parts: Uint8Array[] = [];
    for await (const bytes of await lab.client.readRawLog(runId, 'work', 1)) parts.push(bytes as Uint8Array);
    return Buffer.concat(parts).toString();
  };
  const awaitEnds = (runs: readonly RunObject[]) => Promise.all(runs.map(({ id }) => lab.awaitEnd(id)));

  test(
    'are all there when Temporal is killed under twenty of them and back after five seconds',
    async () => {
      const runs = await Promise.all(
        Array.from({ length: LIVE_RUNS }, (_, index) =>
          start(print(`live-${index}`, index % 10 === 0 ? 'docker' : 'process', AWAY.printing), 'passed'),
        ),
      );
      await awaitBegun(runs);
      const restart = await lab.temporal.kill();
      await pause(AWAY.ms);
      await restart();
      await awaitEnds(runs);
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'that two workers fight for begin once: one stands still, is replaced, and comes back to its stage',
    async () => {
      const run = await start(print('fight', 'process', STANDSTILL.printing), 'passed');
      await awaitBegun([run]);
      // Whichever has it: both stand still in turn, so each is taken for dead once while it lives.
      for (const worker of lab.workers['one'] ?? []) {
        worker.signal('SIGSTOP');
        await pause(STANDSTILL.ms);
        worker.signal('SIGCONT');
      }
      await awaitEnds([run]);
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'end once each when fifty are cancelled at random moments',
    async () => {
      const random = openRandom(7);
      const cancel = async (index: number) => {
        const executor = index % 10 === 0 ? 'docker' : 'process';
        const run = await start(print(`cancel-${index}`, executor, { parts: 4, pause: '0.2' }), 'cancelled', 'passed');
        await pause(random.whole(0, 4_000));
        // Over already is no fault of the one who asks.
        await lab.client.cancelRun(run.id, false).catch(() => null);
        return lab.awaitEnd(run.id);
      };
      for (let round = 0; round < ROUNDS_OF_CANCELS; round += 1) {
        const ended = await Promise.all(Array.from({ length: CANCELS }, (_, index) => cancel(round * CANCELS + index)));
        const endings = ended.map(({ status }) => status.kind === 'ended' && status.ending);
        expect(endings.filter((ending) => ending === 'cancelled').length).toBeGreaterThan(0);
      }
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'that are cancelled while their worker is dead are asked to end by the next one, which stores all they printed',
    async () => {
      const own = [
        await start(listen('listens-docker', 'docker'), 'cancelled'),
        await start(listen('listens-process', 'process'), 'cancelled'),
      ];
      await awaitBegun(own);
      const workers = lab.workers['one'] ?? [];
      for (const worker of workers) worker.signal('SIGSTOP');
      await Promise.all(own.map(({ id }) => lab.client.cancelRun(id, false)));
      for (const worker of workers) worker.signal('SIGKILL');
      await awaitEnds(own);
      for (const { id } of own) {
        expect(await lab.client.readLogIndex(id, 'work', 1)).toMatchObject({ ended: true, gaps: [] });
        expect(await readText(id)).toMatch(/^listens\n[^]*was asked\n/);
      }
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'go on when everything is killed at once',
    async () => {
      const runs = [
        await start(print('reboot-docker', 'docker', { parts: 10, pause: '0.5' }), 'passed'),
        await start(print('reboot-process', 'process', { parts: 10, pause: '0.5' }), 'passed'),
      ];
      await awaitBegun(runs);
      const [temporal, postgres] = [lab.temporal.kill(), lab.postgres.kill()];
      for (const kept of [lab.api, ...Object.values(lab.workers).flat()]) kept.signal('SIGKILL');
      await Promise.all([(await temporal)(), (await postgres)()]);
      await awaitEnds(runs);
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'beside one that uses up its memory go on, and that one names its limit',
    async () => {
      const greedy = `pipeline "greedy"
stage "greedy" { image "busybox:1.37"; resources memory="16MiB"; run "tail /dev/zero" }
`;
      const runs = [await start(print('neighbour', 'docker', { parts: 6, pause: '0.5' }), 'passed')];
      await awaitBegun(runs);
      const eater = await start(greedy, 'failed');
      await awaitEnds([...runs, eater]);
      const [stage] = await lab.client.listStages(eater.id);
      expect(JSON.stringify(stage?.status)).toMatch(/memory.*16/);
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'go on when the clock is set an hour on, and two hours back: no limit ends them too soon or too late',
    async () => {
      const limits = 'timeout "20m"; no-output-timeout "10m"';
      const runs = [
        await start(print('clock-docker', 'docker', { parts: 16, pause: '0.5' }, limits), 'passed'),
        await start(print('clock-process', 'process', { parts: 16, pause: '0.5' }, limits), 'passed'),
      ];
      const slow = await start(print('slow', 'process', { parts: 600, pause: '0.5' }, 'timeout "6s"'), 'timed-out');
      await awaitBegun([...runs, slow]);
      try {
        lab.clock.set(HOUR_MS);
        // After each jump something is begun that goes by it.
        runs.push(await start(print('ahead', 'process', { parts: 2, pause: '0.5' }, limits), 'passed'));
        await lab.awaitEnd(runs.at(-1)?.id ?? '');
        lab.clock.set(-HOUR_MS);
        runs.push(await start(print('behind', 'process', { parts: 2, pause: '0.5' }, limits), 'passed'));
        await awaitEnds([...runs, slow]);
      } finally {
        lab.clock.set(0);
      }
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  // Only root may mount a small disk.
  test.skipIf(process.getuid?.() !== 0)(
    'end errored and say so when their store is full, and what runs when there is room again passes',
    async () => {
      const runs = [
        await start(print('full-docker', 'docker', { parts: 200, pause: '0.5' }), 'errored'),
        await start(print('full-process', 'process', { parts: 200, pause: '0.5' }), 'errored'),
      ];
      await awaitBegun(runs);
      const giveRoom = lab.store.fill?.();
      try {
        await awaitEnds(runs);
      } finally {
        giveRoom?.();
      }
      for (const { id } of runs) {
        const [stage] = await lab.client.listStages(id);
        expect(stage?.status).toMatchObject({ ending: 'errored', reason: { code: 'disk-full' } });
        expect(stage?.attempts[0]?.fault?.fix).toContain('Free space on the disk');
        const { gaps } = await lab.client.readLogIndex(id, 'work', 1);
        expect(gaps.map(({ cause }) => cause)).toEqual([expect.stringContaining('No space left')]);
      }
      await awaitEnds([await start(print('room', 'process', { parts: 1, pause: '0' }), 'passed')]);
      expect(await findBreaches()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'are all known to whoever began them, and leave nothing behind',
    async () => {
      await waitUntil(async () => (await findLeftovers(lab)).length === 0);
      expect(await checkTogether(lab, known)).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Or until it has taken too long, which the test sees by what does not hold then. */
async function waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await holds()) && performance.now() < until) await pause(100);
}
