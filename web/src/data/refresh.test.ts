import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRefresh } from './refresh.ts';

describe('a list that is read again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read at once, then at most every two seconds however often it is asked for', () => {
    const read = vi.fn();
    const { ask } = createRefresh({ mayRead: () => true, read });
    for (let frame = 0; frame < 300; frame += 1) {
      ask();
      vi.advanceTimersByTime(16);
    }
    // 4.8 s.
    expect(read).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(60_000);
    expect(read).toHaveBeenCalledTimes(4);
  });

  it('is read once it may be, and not in place of an answer that is on its way', () => {
    const read = vi.fn();
    let mayRead = false;
    const { ask } = createRefresh({ mayRead: () => mayRead, read });
    ask();
    vi.advanceTimersByTime(3_000);
    expect(read).not.toHaveBeenCalled();
    mayRead = true;
    vi.advanceTimersByTime(2_000);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read no more when nobody looks at it', () => {
    const read = vi.fn();
    const { ask, stop } = createRefresh({ mayRead: () => true, read });
    ask();
    stop();
    vi.advanceTimersByTime(10_000);
    expect(read).not.toHaveBeenCalled();
  });
});
