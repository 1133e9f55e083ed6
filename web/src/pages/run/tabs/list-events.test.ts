import { describe, expect, it } from 'vitest';
import { actorOf, describeEvent, type RunEvent, statesAsOf } from './list-events.ts';

const at = '2026-01-02T03:04:05.000Z';
const runs = { kind: 'running', attempt: 1, since: at, heartbeatAt: at } as const;
const passed = { kind: 'ended', ending: 'passed', reason: null, at } as const;
const event = (seq: number, name: string, status: RunEvent['status'], more: Partial<RunEvent> = {}): RunEvent => ({
  ...{ seq, kind: name === '' ? 'run' : 'stage', name, status, at },
  ...more,
});

const events = [event(1, 'a', runs), event(2, 'a', passed), event(2, 'b', runs), event(3, '', passed)];

describe('events of a run', () => {
  it('show how the stages stood as of each', () => {
    const states = (seq: number) => statesAsOf(events, seq).map(({ name, status }) => `${name} ${status.kind}`);
    expect([states(1), states(2), states(3)]).toEqual([
      ['a running'],
      ['a ended', 'b running'],
      ['a ended', 'b running'],
    ]);
  });

  it('say what happened, and who did it', () => {
    const extended = event(4, 'a', runs, {
      change: { id: '1', by: 'user:ann', kind: 'extend', stage: 'a', ms: 60_000 },
    });
    expect([describeEvent(extended), actorOf(extended)]).toEqual(['has 1m 00s more', 'ann']);
    expect([describeEvent(event(1, 'a', { ...runs, attempt: 2 })), actorOf(event(1, 'a', runs))]).toEqual([
      'attempt 2 runs',
      null,
    ]);
  });
});
