import { describe, expect, it } from 'vitest';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { chooseNewer } from './choose-newer.ts';

const pipeline = (seq: number, position: number, id = 'a') => ({ id, seq, position }) as PipelineWithText;

describe('a pipeline that was read', () => {
  const before = pipeline(3, 40);

  it('replaces what was known when it was asked for', () => {
    const answer = pipeline(3, 40);
    expect(chooseNewer(before, before, answer)).toBe(answer);
    expect(chooseNewer(undefined, undefined, answer)).toBe(answer);
    // A database of an earlier time begins again.
    const restored = pipeline(1, 9);
    expect(chooseNewer(before, before, restored)).toBe(restored);
  });

  it('does not replace a change that was made while the answer was on its way, nor what was told then', () => {
    const changed = pipeline(4, 40);
    expect(chooseNewer(before, changed, pipeline(3, 41))).toBe(changed);
    const told = pipeline(3, 42);
    expect(chooseNewer(before, told, pipeline(3, 41))).toBe(told);
    expect(chooseNewer(before, told, pipeline(4, 43)).seq).toBe(4);
    expect(chooseNewer(before, told, pipeline(3, 43)).position).toBe(43);
    expect(chooseNewer(before, told, pipeline(1, 1, 'b')).id).toBe('b');
  });
});
