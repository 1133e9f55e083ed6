import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Status } from '#core/run.ts';
import { createStuckStatus } from '#db/queries/stuck-run.ts';
import { chooseRuns } from './choose-runs.ts';

const waiting: Status = { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } };
const makeRuns = (count: number) => Array.from({ length: count }, () => ({ id: randomUUID(), status: waiting }));
const listing = (runs: readonly { id: string }[]) => ({
  async *listOpen() {
    for (const { id } of runs) yield id;
  },
});

it('each of many open runs is asked after once in ten minutes', async () => {
  const runs = makeRuns(1_000);
  const asked = [];
  for (let minute = 0; minute < 10; minute++) {
    const chosen = await chooseRuns(runs, listing(runs), minute * 60_000);
    expect(chosen.length).toBeLessThan(200);
    asked.push(...chosen);
  }
  expect(asked.map(({ id }) => id).toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
});

it('what the index does not call open, and what stood still, is asked after each time', async () => {
  const [runs, gone] = [makeRuns(200), makeRuns(3)];
  const stuck = makeRuns(3).map(({ id }) => ({ id, status: createStuckStatus(waiting) }));
  for (let minute = 0; minute < 10; minute++) {
    const chosen = await chooseRuns([...runs, ...gone, ...stuck], listing([...runs, ...stuck]), minute * 60_000);
    expect(chosen).toEqual(expect.arrayContaining([...gone, ...stuck]));
  }
});

it('few runs, and all without the index, are asked after each time', async () => {
  const [few, many] = [makeRuns(100), makeRuns(101)];
  expect(await chooseRuns(few, listing(few), 0)).toEqual(few);
  const broken = {
    async *listOpen() {
      yield await Promise.reject<string>(new Error('no index'));
    },
  };
  expect(await chooseRuns(many, broken, 0)).toEqual(many);
});
