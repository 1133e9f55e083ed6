import { describe, expect, it } from 'vitest';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { isOutdated, keepTold } from './told.ts';

describe('what is told of a pipeline', () => {
  const pipeline = (seq: number) => ({ id: 'a', seq }) as PipelineObject;
  const event = (seq: number, at: number) =>
    ({ event: 'state', topic: 'pipelines:acme/shop', seq: at, kind: 'pipeline', object: pipeline(seq) }) as const;

  it('is outdated when its row has changed since, or its list was read behind it', () => {
    expect(isOutdated(event(3, 50), pipeline(4), 40)).toBe(true);
    expect(isOutdated(event(4, 39), pipeline(4), 40)).toBe(true);
    expect(isOutdated(event(4, 40), pipeline(4), 40)).toBe(false);
    expect(isOutdated(event(5, 41), pipeline(4), 40)).toBe(false);
  });

  it('while an answer is on its way stands instead of it, also with the seq of the answer', () => {
    const item = (id: string, seq: number, bars: number) => ({ id, seq, bars });
    const told = new Map([item('a', 1, 9), item('b', 1, 9), item('c', 1, 9)].map((one) => [one.id, one]));
    expect(keepTold([item('a', 1, 8), item('b', 2, 8), item('d', 1, 8)], told)).toEqual([
      item('a', 1, 9),
      item('b', 2, 8),
      item('d', 1, 8),
    ]);
  });
});
