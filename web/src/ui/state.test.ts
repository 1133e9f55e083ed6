import { describe, expect, test } from 'vitest';
import { stateOf, summarizeStates, WORST_FIRST } from './state.ts';
import { STATUS_LOOKS } from './status-look.ts';

const AT = '2026-01-02T03:04:05.000Z';
const now = Date.parse(AT);

describe('state', () => {
  test('every state has a place in the order of a group, once', () => {
    expect([...WORST_FIRST].toSorted()).toEqual(Object.keys(STATUS_LOOKS).toSorted());
  });

  test('no two states look the same without their colour', () => {
    const looks = Object.values(STATUS_LOOKS).map(
      ({ icon, outline, word }) => `${String(icon.displayName)} ${outline} ${word}`,
    );
    expect(new Set(looks).size).toBe(looks.length);
  });

  test('a stage without a sign of life for 20 s is silent, a run is not', () => {
    const running = { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT } as const;
    expect(stateOf(running, 'stage', now + 20_000)).toBe('running');
    expect(stateOf(running, 'stage', now + 20_001)).toBe('silent');
    expect(stateOf(running, 'run', now + 60_000)).toBe('running');
    expect(stateOf({ ...running, attempt: 2 }, 'stage', now)).toBe('retrying');
  });

  test('waits for needs, for a decision and for a turn are three things', () => {
    const waits = (code: string) => stateOf({ kind: 'waiting', reason: { code, message: '' } }, 'stage', now);
    expect([waits('needs'), waits('gate'), waits('window'), waits('max-parallel')]).toEqual([
      ...['waiting-needs', 'waiting-decision', 'waiting-turn', 'waiting-turn'],
    ]);
  });

  test('a run with soft failures has passed with warnings', () => {
    const ended = { kind: 'ended', ending: 'soft-failed', reason: null, at: AT } as const;
    expect(stateOf(ended, 'run', now)).toBe('passed-with-warnings');
    expect(stateOf(ended, 'stage', now)).toBe('soft-failed');
  });

  test('a group shows its worst member, with counts', () => {
    expect(summarizeStates(['passed', 'failed', 'running', 'passed'])).toEqual({
      ...{
        worst: 'failed',
        counts: [
          ['failed', 1],
          ['running', 1],
          ['passed', 2],
        ],
      },
    });
    expect(summarizeStates([])).toBeNull();
  });
});
