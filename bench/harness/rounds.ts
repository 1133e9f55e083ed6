import { setTimeout as pause } from 'node:timers/promises';
import { seedRandom } from '#test/env/seed-random.ts';
import { openIdleGate } from './idle.ts';
import type { Failure, Sample } from './result.ts';
import { shuffle } from './shuffle.ts';
import { type OpenWorkload, PACES, type System, type Workload } from './workload.ts';

export interface RoundsOptions {
  rounds: number;
  seed: number;
  /** Whether the machine became idle before a sample. */
  awaitIdle?: () => Promise<boolean>;
  report?: (line: string) => void;
}

/**
 * Every system once a round, in an order that is drawn anew, the first floor before and after all others (P102). Ends
 * with what is there at the workload's limit, rounded down to whole rounds; a system that fails once is left out from
 * there on, and when the floor does, nothing more is measured.
 */
export async function runRounds(
  workload: Workload,
  { systems }: OpenWorkload,
  options: RoundsOptions,
): Promise<(Sample | Failure)[]> {
  const { rounds, seed, awaitIdle = openIdleGate(), report = () => {} } = options;
  const begunAt = performance.now();
  const hasTime = (share = 1) => performance.now() - begunAt < workload.limitMs * share;
  const random = seedRandom(seed);
  const failed = new Set<System>();
  const kept: (Sample | Failure)[] = [];
  const pace = PACES[workload.pace];
  // Who asks for less has less of these too.
  const warmUps = rounds < pace.rounds ? Math.min(1, pace.warmUps) : pace.warmUps;

  async function sample(system: System, round: number, place: number): Promise<Sample | Failure> {
    const isIdle = await awaitIdle();
    try {
      const leftMs = Math.max(1_000, 2 * workload.limitMs - (performance.now() - begunAt));
      const measures = await within(leftMs, system.measure());
      return { kind: 'sample', round, place, system: system.name, isIdle, measures };
    } catch (error) {
      failed.add(system);
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', round, system: system.name, message: message.slice(0, 500) };
    }
  }

  for (let round = 0 - warmUps; round < rounds && hasTime(); round++) {
    const order = orderOf(systems, random).filter((system) => !failed.has(system));
    const found: (Sample | Failure)[] = [];
    for (const [place, system] of order.entries()) {
      if (failed.has(system)) continue;
      // The first round is measured whatever it takes; a later one that meets the limit is not kept.
      if (round > 0 && !hasTime()) return kept;
      const line = await sample(system, round, place);
      report(describe(line));
      found.push(line);
    }
    kept.push(...(round < 0 ? found.filter((line) => line.kind === 'failure') : found));
    const [floor] = systems;
    if (floor?.role === 'floor' && failed.has(floor)) break;
  }
  return kept;
}

/** The first floor, the others as drawn, the first floor again. */
export function orderOf(systems: readonly System[], random: () => number): System[] {
  const [first, ...others] = systems;
  if (first?.role !== 'floor') return shuffle(systems, random);
  return [first, ...shuffle(others, random), first];
}

/** Rejects when the work has not ended after so long; the work itself goes on. */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  const given = new AbortController();
  const overdue = pause(ms, undefined, { signal: given.signal }).then(() => {
    throw new Error(`not done after ${Math.round(ms / 1_000)} s`);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    given.abort();
    overdue.catch(() => {});
  }
}

function describe(line: Sample | Failure): string {
  if (line.kind === 'failure') return `round ${line.round}  ${line.system}: FAILED ${line.message}`;
  const shown = Object.entries(line.measures).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : `(${value.length} values)`}`;
  });
  return `round ${line.round}${line.isIdle ? '' : ' (busy)'}  ${line.system}: ${shown.join(', ')}`;
}
