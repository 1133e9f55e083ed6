import { setTimeout as pause } from 'node:timers/promises';
import { CRASH_POINTS, type CrashPoint } from '#core/crash-point.ts';
import type { KeptProcess } from '../faults/kept-process.ts';
import type { Lab } from '../faults/lab.ts';
import type { Random } from '../faults/random.ts';

/** Something that goes wrong: resolves when it is over, not when everything has recovered. */
export interface ChaosFault {
  name: string;
  /** How often it is picked against the others. */
  weight: number;
  happen(lab: Lab, random: Random, openRuns: readonly string[]): Promise<void>;
}

const MAX_AWAY_MS = 60_000;
/** Most outages are short. */
const SHORT_AWAY_MS = 6_000;
const MAX_STANDSTILL_MS = 5_000;
const MAX_JUMP_MS = 7_200_000;

const POINTS = (Object.keys(CRASH_POINTS) as CrashPoint[]).filter((point) => CRASH_POINTS[point] !== 'supervisor');

const listWorkers = (lab: Lab): KeptProcess[] => Object.values(lab.workers).flat();
const listProcesses = (lab: Lab): KeptProcess[] => [lab.api, ...listWorkers(lab)];

export const CHAOS_FAULTS: readonly ChaosFault[] = [
  {
    name: 'a process at a named point',
    weight: 8,
    async happen(lab, random) {
      const point = random.pick(POINTS);
      lab.arm(point, {
        nth: random.whole(1, 3),
        term: random.once(3),
        host: random.pick(Object.keys(lab.workers).filter((label) => label !== 'control')),
      });
    },
  },
  {
    name: 'kill -9 of a worker',
    weight: 5,
    happen: async (lab, random) => random.pick(listWorkers(lab)).signal('SIGKILL'),
  },
  {
    name: 'SIGTERM of a worker',
    weight: 3,
    happen: async (lab, random) => random.pick(listWorkers(lab)).signal('SIGTERM'),
  },
  {
    name: 'kill -9 of the API',
    weight: 3,
    happen: async (lab) => lab.api.signal('SIGKILL'),
  },
  {
    name: 'a worker stands still',
    weight: 3,
    async happen(lab, random) {
      const worker = random.pick(listWorkers(lab));
      worker.signal('SIGSTOP');
      await pause(random.whole(500, MAX_STANDSTILL_MS));
      worker.signal('SIGCONT');
    },
  },
  {
    name: 'the clock is set',
    weight: 2,
    async happen(lab, random) {
      lab.clock.set(random.pick([-1, 1]) * random.whole(1_000, MAX_JUMP_MS));
      await pause(random.whole(500, MAX_STANDSTILL_MS));
      lab.clock.set(0);
    },
  },
  {
    name: 'Temporal away',
    weight: 2,
    async happen(lab, random) {
      const restart = await lab.temporal.kill();
      await pause(random.whole(0, random.once(10) ? MAX_AWAY_MS : SHORT_AWAY_MS));
      await restart();
    },
  },
  {
    name: 'Postgres away',
    weight: 2,
    async happen(lab, random) {
      const restart = await lab.postgres.kill();
      await pause(random.whole(0, SHORT_AWAY_MS));
      await restart();
    },
  },
  {
    name: 'a cancel',
    weight: 5,
    async happen(lab, random, openRuns) {
      if (openRuns.length === 0) return;
      // Over by now, or nobody there to hear it: either is no fault of the one who asks.
      await lab.client.cancelRun(random.pick(openRuns), false).catch(() => null);
    },
  },
  {
    name: 'everything killed at once',
    weight: 1,
    async happen(lab) {
      const [temporal, postgres] = [lab.temporal.kill(), lab.postgres.kill()];
      for (const kept of listProcesses(lab)) kept.signal('SIGKILL');
      await Promise.all([(await temporal)(), (await postgres)()]);
    },
  },
];

/** By weight. */
export function pickFault(random: Random): ChaosFault {
  return random.pick(CHAOS_FAULTS.flatMap((fault) => Array.from({ length: fault.weight }, () => fault)));
}
