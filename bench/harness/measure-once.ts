import { openIdleGate } from './idle.ts';
import { watchMachine } from './machine.ts';
import { writeResult } from './result.ts';
import type { Measures } from './workload.ts';

/** Measures something that repeats itself and has no other system beside it, and keeps it as one round. */
export async function measureOnce(
  workload: { id: string; title: string },
  system: { name: string; note: string },
  measure: () => Promise<Measures>,
): Promise<Measures> {
  const readMachine = watchMachine();
  const isIdle = await openIdleGate()();
  const measures = await measure();
  const { id, title } = workload;
  writeResult({
    header: {
      ...{ kind: 'header', workload: id, title, seed: 0, rounds: 1, machine: readMachine() },
      systems: [{ ...system, role: 'buildit' }],
    },
    lines: [{ kind: 'sample', round: 0, place: 0, system: system.name, isIdle, measures }],
  });
  return measures;
}
