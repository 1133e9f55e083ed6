import { expect, test } from 'vitest';
import type { Failure, Sample } from './result.ts';
import { runRounds } from './rounds.ts';
import type { System, Workload } from './workload.ts';

const system = (name: string, role: System['role'], measure: System['measure'] = async () => ({ ms: 1 })): System => ({
  ...{ name, role, measure, note: '' },
});

async function run(systems: System[], changes: Partial<Workload> = {}, rounds = 3): Promise<(Sample | Failure)[]> {
  const open = { systems, close: async () => {} };
  const workload: Workload = {
    ...{ id: 'w0', title: '', pace: 'middle', limitMs: 60_000, open: async () => open },
    ...changes,
  };
  return runRounds(workload, open, { rounds, seed: 1, awaitIdle: async () => true });
}

const namesOf = (lines: readonly (Sample | Failure)[], round: number) =>
  lines.filter((line) => line.round === round).map((line) => line.system);

test('every round has each system once and the floor before and after all others', async () => {
  const lines = await run([system('floor', 'floor'), system('a', 'buildit'), system('b', 'peer')]);
  for (const round of [0, 1, 2]) {
    const names = namesOf(lines, round);
    expect([names.at(0), names.at(-1)]).toEqual(['floor', 'floor']);
    expect(names.slice(1, -1).toSorted()).toEqual(['a', 'b']);
  }
});

test('warm-ups run and are not kept', async () => {
  let calls = 0;
  const lines = await run([system('a', 'buildit', async () => ({ ms: ++calls }))]);
  expect(lines.map((line) => line.kind === 'sample' && line.measures['ms'])).toEqual([2, 3, 4]);
});

test('a system that fails is told once and left out from there on', async () => {
  let calls = 0;
  const fails = system('b', 'peer', async () => {
    if (++calls === 3) throw new Error('no more');
    return { ms: 1 };
  });
  const lines = await run([system('floor', 'floor'), system('a', 'buildit'), fails]);
  expect(lines.filter(({ kind }) => kind === 'failure')).toEqual([
    { kind: 'failure', round: 1, system: 'b', message: 'no more' },
  ]);
  expect(namesOf(lines, 2)).toEqual(['floor', 'a', 'floor']);
});

test('nothing is measured beside a floor that failed', async () => {
  const broken = system('floor', 'floor', () => Promise.reject(new Error('no engine')));
  const lines = await run([broken, system('a', 'buildit')], { pace: 'long' });
  expect(lines.filter(({ round }) => round > 0)).toEqual([]);
});

test('at its limit a workload ends with the whole rounds it has', async () => {
  const slow = system('a', 'buildit', async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return { ms: 1 };
  });
  const lines = await run([slow, system('b', 'peer')], { pace: 'long', limitMs: 50 }, 1_000);
  expect(lines.length).toBeLessThan(1_000);
  expect(namesOf(lines, 0).toSorted()).toEqual(['a', 'b']);
});

test('a sample that hangs is given up at twice the limit', async () => {
  const hangs = system('a', 'buildit', () => new Promise(() => {}));
  const lines = await run([hangs], { pace: 'long', limitMs: 1 });
  expect(lines).toEqual([{ kind: 'failure', round: 0, system: 'a', message: 'not done after 1 s' }]);
});
