import { describe, expect, it } from 'vitest';
import type { RestObject } from '#core/rest.ts';
import { applyStates, mergeAnswer } from './apply-states.ts';

const item = (id: string, seq: number): RestObject => ({
  ...{ id, seq, topic: 'run:1', createdAt: '2026-01-02T03:04:05.000Z' },
  status: { kind: 'waiting', reason: { code: 'needs', message: '' } },
});

describe('states of a stream', () => {
  it('replace older ones in their place, and come behind when they are new', () => {
    const applied = applyStates([item('a', 1), item('b', 1)], [item('a', 2), item('c', 3)]);
    expect(applied.map(({ id, seq }) => `${id}${seq}`)).toEqual(['a2', 'b1', 'c3']);
  });

  it('change nothing when they are not newer, told twice or told late', () => {
    const items = [item('a', 5)];
    expect(applyStates(items, [item('a', 5), item('a', 4)])).toBe(items);
  });
});

describe('an answer', () => {
  const merge = (known: RestObject[] | undefined, answer: RestObject[]) =>
    mergeAnswer(known, answer).map(({ id, seq }) => `${id}${seq}`);

  it('that is older than what events told replaces nothing of it', () => {
    expect(merge([item('a', 5), item('b', 2), item('c', 6)], [item('a', 4), item('b', 3)])).toEqual(['a5', 'b3', 'c6']);
  });

  it('is taken as it is where nothing is known, and lets go what is gone', () => {
    expect(merge(undefined, [item('a', 4)])).toEqual(['a4']);
    expect(merge([item('a', 3), item('b', 2)], [item('a', 4)])).toEqual(['a4']);
  });
});
