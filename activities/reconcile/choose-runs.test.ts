import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Status } from '#core/run.ts';
import { createStuckStatus } from '#db/queries/stuck-run.ts';
import { chooseRuns } from './choose-runs.ts';

const waiting: Status = { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } };
const makeRuns = (count: number) => Array.from({ length: count }, () => ({ id: randomUUID(), status: waiting }));
const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id);
const counted = { open: null, reported: new Set<string>() };

it('each of many open runs is asked after once in an hour, few of them at a time', () => {
  const runs = makeRuns(1_000);
  const asked = [];
  for (let minute = 0; minute < 60; minute++) {
    const chosen = chooseRuns(runs, counted, minute * 60_000);
    expect(chosen.length).toBeLessThan(60);
    asked.push(...chosen);
  }
  expect(idsOf(asked).toSorted()).toEqual(idsOf(runs).toSorted());
});

it('what the index does not call open or reports, and what stood still, is asked after each time', () => {
  const [runs, gone, reported] = [makeRuns(200), makeRuns(3), makeRuns(3)];
  const stuck = makeRuns(3).map(({ id }) => ({ id, status: createStuckStatus(waiting) }));
  const look = { open: new Set(idsOf([...runs, ...reported, ...stuck])), reported: new Set(idsOf(reported)) };
  for (let minute = 0; minute < 60; minute++) {
    const chosen = chooseRuns([...runs, ...gone, ...reported, ...stuck], look, minute * 60_000);
    expect(chosen).toEqual(expect.arrayContaining([...gone, ...reported, ...stuck]));
  }
});

it('few runs, and all without the index, are asked after each time', () => {
  const [few, many] = [makeRuns(20), makeRuns(21)];
  expect(chooseRuns(few, counted, 0)).toEqual(few);
  expect(chooseRuns(many, null, 0)).toEqual(many);
});
