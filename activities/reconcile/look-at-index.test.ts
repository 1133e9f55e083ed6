import { expect, it } from 'vitest';
import { lookAtIndex } from './look-at-index.ts';

const MINUTE_MS = 60_000;

function openIndex(open: readonly string[], reported: readonly string[] = []) {
  const calls: string[] = [];
  async function* list(name: string, runIds: readonly string[]) {
    calls.push(name);
    yield* runIds;
  }
  return {
    calls,
    countOpen: async () => (calls.push('count'), open.length),
    listOpen: () => list('open', open),
    listReported: () => list('reported', reported),
  };
}

const ids = Array.from({ length: 101 }, (_, index) => `run-${index}`);

it('of many open runs the names are not asked for while their number is that of the rows', async () => {
  const index = openIndex(ids, ['run-7']);
  const look = await lookAtIndex(index, { openRows: 101, hasStrays: false }, MINUTE_MS);
  expect(look).toEqual({ open: null, reported: new Set(['run-7']) });
  expect(index.calls).toEqual(['count', 'reported']);
});

it.each([
  ['their number is another', { openRows: 102, hasStrays: false }, 1],
  ['a stray is known of', { openRows: 101, hasStrays: true }, 1],
  ['ten minutes are over', { openRows: 101, hasStrays: false }, 10],
  ['they are few', { openRows: 100, hasStrays: false }, 1],
])('the names are asked for when %s', async (_why, known, minute) => {
  expect((await lookAtIndex(openIndex(ids), known, minute * MINUTE_MS)).open).toEqual(new Set(ids));
});
