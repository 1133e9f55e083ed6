import { describe, expect, it } from 'vitest';
import { at, attemptObject, stageObject } from '../../../testing/rest-objects.ts';
import { listTableRows, type Sort, sortRows } from './table-rows.ts';

const stage = (name: string, position: number, needs: string[], span: [number, number] | null) =>
  stageObject(name, {
    position,
    needs: needs.map((to) => ({ to, on: 'success' })),
    attempts: span ? [attemptObject(1, { startedAt: at(span[0]), endedAt: at(span[1]) })] : [],
  });

const stages = [stage('a', 1, [], [1, 3]), stage('b', 2, ['a'], null), stage('c', 3, ['a'], [3, 4])];
const critical = { spanMs: 3_000, stages: [{ name: 'a', durationMs: 2_000, share: 2 / 3 }] };
const rows = listTableRows(stages, new Map([['c', at(2)]]), critical, 0);
const order = (sort: Sort, isDescending = false) =>
  sortRows(rows, sort, isDescending, 0)
    .map((row) => row.stage.name)
    .join('');

describe('the table of a run', () => {
  it('has what graph and timeline show', () => {
    expect(rows.map(({ dependents, queueMs, runMs, share }) => ({ dependents, queueMs, runMs, share }))).toEqual([
      { dependents: ['b', 'c'], queueMs: null, runMs: 2_000, share: 2 / 3 },
      { dependents: [], queueMs: null, runMs: null, share: null },
      { dependents: [], queueMs: 1_000, runMs: 1_000, share: null },
    ]);
  });

  it('sorts by each column, what has no value last either way', () => {
    expect([order('file'), order('stage', true), order('run'), order('run', true), order('queue')]).toEqual([
      ...['abc', 'cba', 'cab', 'acb', 'cab'],
    ]);
  });
});
