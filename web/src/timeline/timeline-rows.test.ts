import { describe, expect, it } from 'vitest';
import type { TimelineSpan } from '#core/rest-compare.ts';
import type { AttemptObject, StageObject } from '#core/rest.ts';
import { attemptObject, stageObject } from '../testing/rest-objects.ts';
import { describeRow } from './describe-row.ts';
import { listRows, type TimelineInput } from './timeline-rows.ts';

const at = (ms: number) => new Date(ms).toISOString();
const run = { createdAt: at(0), endedAt: null, status: { kind: 'cancelling', since: at(0) } } as const;

const stage = (name: string, status: StageObject['status'], attempts: AttemptObject[] = []) =>
  stageObject(name, { createdAt: at(0), status, attempts });

const attempt = (number: number, from: number, to: number | null) =>
  attemptObject(number, { startedAt: at(from), endedAt: to === null ? null : at(to) });

function span(name: string, number: number, more: Partial<TimelineSpan>): TimelineSpan {
  const none = { to: null, ending: null, queuedAt: null, programAt: null, savedAt: null, stepMs: [] };
  return { kind: number === 0 ? 'gate' : 'attempt', name, attempt: number, from: at(0), ...none, ...more };
}

function parts(input: Partial<TimelineInput>, open: string[] = []) {
  return listRows({ run, stages: [], gates: [], spans: [], now: 100, ...input }, new Set(open)).map(
    ({ id, parts: list }) => [
      id,
      ...list.map(({ kind, from, to, isOpen }) => `${kind} ${from}-${isOpen ? 'now' : to}`),
    ],
  );
}

const passed: StageObject['status'] = { kind: 'ended', ending: 'passed', reason: null, at: at(60) };

describe('rows of a timeline', () => {
  it('show waiting, queue, preparation, run and upload apart, as far as they are recorded', () => {
    const one = stage('a', passed, [attempt(1, 20, 50)]);
    const full = span('a', 1, { queuedAt: at(10), programAt: at(30), savedAt: at(60) });
    expect(parts({ stages: [one], spans: [full] })).toEqual([
      ['a', 'waiting 0-10', 'queued 10-20', 'preparing 20-30', 'running 30-50', 'uploading 50-60'],
    ]);
    expect(parts({ stages: [one] })).toEqual([['a', 'waiting 0-20', 'running 20-50']]);
  });

  it('mark where one step follows another inside the run, and nothing where that is not recorded', () => {
    const rows = (stepMs: number[]) => {
      const spans = [span('a', 1, { programAt: at(30), stepMs })];
      const stages = [stage('a', passed, [attempt(1, 20, 60)])];
      return listRows({ run, stages, gates: [], spans, now: 100 }, new Set());
    };
    const marks = (stepMs: number[]) => rows(stepMs)[0]?.parts.find(({ kind }) => kind === 'running')?.steps;
    expect(marks([10, 5])).toEqual([40, 45]);
    expect(marks([])).toBeUndefined();
    expect(rows([10, 5]).map((row) => describeRow(row, 100))).toEqual([expect.stringContaining('in 3 steps')]);
  });

  it('have retries side by side, and in rows of their own when opened', () => {
    const two = stage('a', passed, [attempt(1, 10, 20), attempt(2, 40, 60)]);
    expect(parts({ stages: [two] })).toEqual([
      ['a', 'waiting 0-10', 'running 10-20', 'waiting 20-40', 'running 40-60'],
    ]);
    expect(parts({ stages: [two] }, ['a']).slice(1)).toEqual([
      ['a 1', 'waiting 0-10', 'running 10-20'],
      ['a 2', 'waiting 20-40', 'running 40-60'],
    ]);
  });

  it('pin what waits on top, and go on to now', () => {
    const stages = [
      stage('late', { kind: 'running', attempt: 1, since: at(50), heartbeatAt: at(50) }, [attempt(1, 50, null)]),
      stage('early', passed, [attempt(1, 5, 30)]),
      stage('queued', { kind: 'queued', since: at(70) }),
    ];
    expect(parts({ stages })).toEqual([
      ['queued', 'waiting 0-70', 'queued 70-now'],
      ['early', 'waiting 0-5', 'running 5-30'],
      ['late', 'waiting 0-50', 'running 50-now'],
    ]);
  });

  it('show when a gate asked, and nothing of a result that an earlier run gave', () => {
    const gate: StageObject = {
      ...stage('ship', { kind: 'waiting', reason: { code: 'gate', message: '' } }),
      kind: 'gate',
    };
    const carried = { ...stage('a', passed), carriedFrom: 'x#1' };
    expect(parts({ stages: [gate, carried], spans: [span('ship', 0, { from: at(30) })] })).toEqual([
      ['ship', 'waiting 0-30', 'asking 30-now'],
      ['a'],
    ]);
  });

  it('show how long a stage waited that never ran', () => {
    expect(parts({ stages: [stage('a', { kind: 'ended', ending: 'skipped', reason: null, at: at(40) })] })).toEqual([
      ['a', 'waiting 0-40'],
    ]);
  });
});
