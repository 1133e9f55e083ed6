import { describe, expect, it } from 'vitest';
import { describeActor, describeCause } from '../../../data/describe-cause.ts';
import { findMedian } from './measure-run.ts';

const run = { trigger: 'push', startedBy: 'user:ann', branch: 'main', attempt: 1 };

describe('the head of a run', () => {
  it('says in a sentence why there is this run', () => {
    expect(describeCause(run)).toBe('push to main by ann');
    expect(describeCause({ ...run, trigger: 'manual' })).toBe('started by ann');
    expect(describeCause({ ...run, attempt: 3, startedBy: 'token:ci' })).toBe('re-run of attempt 2 by token ci');
    expect(describeActor('system')).toBe('system');
  });

  it('estimates by the median of at least three runs', () => {
    expect([findMedian([1, 2]), findMedian([9, 1, 5]), findMedian([4, 1, 2, 3])]).toEqual([null, 5, 2.5]);
  });
});
