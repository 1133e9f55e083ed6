import { describe, expect, test } from 'vitest';
import type { Status } from '#core/run.ts';
import type { GateRow, StageRow } from '#db/rows.ts';
import { needs } from '#test/env/plan.ts';
import { findGatesWaiting } from './gates-waiting.ts';

const AT = '2026-01-02T03:04:05.000Z';
const waiting = (code: string): Status => ({ kind: 'waiting', reason: { code, message: code } });
const over: Status = { kind: 'ended', ending: 'passed', reason: null, at: AT };

describe('gates that alone can move a run', () => {
  const run = { statusKind: 'running' as const };

  test('an open gate is named when all else is over or behind it', () => {
    const stages = [stage('build', over), stage('ship', waiting('gate')), stage('deploy', waiting('needs'), ['ship'])];
    expect(findGatesWaiting(run, stages, [gate('ship')])).toEqual(['ship']);
  });

  test('not while a stage executes, is queued, or waits for another attempt', () => {
    const states: Status[] = [
      { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT },
      { kind: 'queued', since: AT },
      waiting('retry'),
    ];
    for (const state of states) {
      expect(findGatesWaiting(run, [stage('test', state), stage('ship', waiting('gate'))], [gate('ship')])).toEqual([]);
    }
  });

  test('not in the moment between the end of a stage and the start of the next', () => {
    const stages = [stage('build', over), stage('test', waiting('needs'), ['build']), stage('ship', waiting('gate'))];
    expect(findGatesWaiting(run, stages, [gate('ship')])).toEqual([]);
  });

  test('a stage that looks at the whole run does not count as about to start', () => {
    const report = { ...stage('report', waiting('needs')), runOn: 'always' as const };
    expect(findGatesWaiting(run, [stage('ship', waiting('gate')), report], [gate('ship')])).toEqual(['ship']);
  });

  test('a gate that is approved and waits for its window needs no decision', () => {
    const approved = { ...gate('ship'), status: waiting('window') };
    expect(findGatesWaiting(run, [stage('ship', waiting('gate'))], [approved])).toEqual([]);
  });

  test('an ended run waits for nothing', () => {
    expect(findGatesWaiting({ statusKind: 'ended' }, [], [gate('ship')])).toEqual([]);
  });
});

function stage(name: string, status: Status, before: string[] = []): StageRow {
  return {
    ...{
      id: name,
      runId: 'r',
      workspaceId: 'w',
      kind: 'stage',
      name,
      stage: name,
      leg: null,
      position: 0,
      needs: needs(...before),
    },
    ...{ runOn: 'success', executor: null, status, statusKind: status.kind, reason: null, outputs: {}, artifacts: [] },
    ...{ ending: status.kind === 'ended' ? status.ending : null, attemptCount: 0, carriedFrom: null, orderKey: 0 },
    extendedMs: 0,
    ...{ seq: 1, createdAt: AT },
  };
}

function gate(name: string): GateRow {
  return {
    ...{
      id: name,
      runId: 'r',
      workspaceId: 'w',
      name,
      status: waiting('gate'),
      statusKind: 'waiting',
      unmet: [],
      openedAt: AT,
    },
    ...{ expiresAt: null, orderKey: 0, seq: 1, createdAt: AT },
    rules: {
      ...{ approve: [], noSelf: false, fields: [], expiresMs: null, onExpire: 'reject', remindMs: null, window: null },
      manual: true,
    },
  };
}
