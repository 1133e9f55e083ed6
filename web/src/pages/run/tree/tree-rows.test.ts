import { describe, expect, it } from 'vitest';
import type { StageObject } from '#core/rest.ts';
import { listMatrices, listTreeRows } from './tree-rows.ts';

function stage(name: string, position: number, leg: StageObject['leg'] = null): StageObject {
  return {
    ...{ id: name, topic: 'run:1', seq: 1, createdAt: '', runId: '1', kind: 'stage', name, leg, position, needs: [] },
    ...{ executor: null, attempts: [], reason: null, outputs: {}, carriedFrom: null, extendedMs: 0 },
    stage: name.replace(/\[.*/, ''),
    status: { kind: 'waiting', reason: { code: 'needs', message: '' } },
  };
}

const stages = [
  stage('test[node=24]', 3, { node: '24' }),
  stage('build', 1),
  stage('test[node=22]', 2, { node: '22' }),
  stage('only[x=1]', 4, { x: '1' }),
];

describe('the stage list', () => {
  it('has legs below their matrix, in the order of the file', () => {
    const rows = listTreeRows(stages, new Set());
    expect(rows.map(({ level, label }) => `${level} ${label}`)).toEqual([
      '1 build',
      '1 test',
      '2 node=22',
      '2 node=24',
      '1 only[x=1]',
    ]);
  });

  it('folds a matrix into one row', () => {
    expect(listTreeRows(stages, new Set(['test'])).map(({ id }) => id)).toEqual(['build', 'test[]', 'only[x=1]']);
    expect(listMatrices(stages)).toEqual(['test', 'only']);
  });
});
