import { describe, expect, it, vi } from 'vitest';
import { isNeeded, NO_ACTIVITY, noteActivity, combineActivities, watchIdle } from './idle.ts';
import { useTestEngines } from './testing/test-engine.ts';

/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 15_000 };

const MINUTE = 60_000;
const IDLE = 15 * MINUTE;
const NOW = Date.parse('2026-01-01T00:00:00Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();

describe('who needs the engine', () => {
  it('nobody does when nothing happens', () => {
    expect(isNeeded(NO_ACTIVITY, NOW, IDLE)).toBe(false);
  });

  it('a stage, a client and an open port do', () => {
    expect(isNeeded({ ...NO_ACTIVITY, stages: 1 }, NOW, IDLE)).toBe(true);
    expect(isNeeded({ ...NO_ACTIVITY, clients: 1 }, NOW, IDLE)).toBe(true);
    expect(isNeeded({ ...NO_ACTIVITY, port: 'http://127.0.0.1:30080' }, NOW, IDLE)).toBe(true);
  });

  it('a timer does that falls due within the idle time, a gate open for a day does not', () => {
    expect(isNeeded({ ...NO_ACTIVITY, nextTimerAt: at(14 * MINUTE) }, NOW, IDLE)).toBe(true);
    expect(isNeeded({ ...NO_ACTIVITY, nextTimerAt: at(24 * 60 * MINUTE) }, NOW, IDLE)).toBe(false);
    expect(isNeeded({ ...NO_ACTIVITY, nextTimerAt: at(-20 * MINUTE) }, NOW, IDLE)).toBe(false);
  });

  it('what several processes say is taken together', () => {
    const worker = noteActivity(NO_ACTIVITY, { kind: 'stages', count: 2 });
    const leaving = noteActivity(NO_ACTIVITY, { kind: 'stages', count: 1 });
    const api = noteActivity(NO_ACTIVITY, {
      kind: 'clients',
      count: 1,
      port: 'http://127.0.0.1:30080',
      nextTimerAt: at(5),
      openRuns: 3,
    });
    const other = noteActivity(NO_ACTIVITY, { kind: 'clients', count: 1, port: null, nextTimerAt: at(2) });
    expect(combineActivities([worker, leaving, api, other])).toEqual({
      stages: 3,
      clients: 2,
      port: 'http://127.0.0.1:30080',
      nextTimerAt: at(2),
      openRuns: 3,
    });
    expect(combineActivities([])).toEqual(NO_ACTIVITY);
  });
});

describe('the idle watch', () => {
  it('waits the whole time anew after each use', () => {
    vi.useFakeTimers();
    try {
      let activity = NO_ACTIVITY;
      const onIdle = vi.fn<() => void>();
      const watch = watchIdle(IDLE, () => activity, onIdle);
      vi.advanceTimersByTime(14 * MINUTE);
      activity = { ...NO_ACTIVITY, clients: 1 };
      vi.advanceTimersByTime(60 * MINUTE);
      activity = NO_ACTIVITY;
      vi.advanceTimersByTime(14 * MINUTE);
      expect(onIdle).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2 * MINUTE);
      expect(onIdle).toHaveBeenCalledOnce();
      watch.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('an idle engine', () => {
  const makeEngine = useTestEngines();

  it('leaves although a gate waits for a day, and the next command revives it', async () => {
    const engine = makeEngine();
    const first = await engine.ensure({ idleAfterMs: 400 });
    const tomorrow = new Date(Date.now() + 24 * 60 * MINUTE).toISOString();
    await engine.say(first, { kind: 'clients', count: 0, port: null, nextTimerAt: tomorrow, openRuns: 1 });
    await expect.poll(() => engine.status(), SOON).toMatchObject({ kind: 'stopped', why: 'idle' });
    const second = await engine.ensure({ idleAfterMs: 60_000 });
    expect(second.file.instanceId).toBe(first.file.instanceId);
  });
});
