import { describe, expect, it } from 'vitest';
import type { StageObject } from '#core/rest.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { stageObject } from '../../../testing/rest-objects.ts';
import { listGenerators } from '../use-plan.ts';
import { listMatrices, listTreeRows } from './tree-rows.ts';

const stage = (name: string, position: number, leg: StageObject['leg'] = null) => stageObject(name, { position, leg });

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

  it('tells who generated a stage, but not of a leg that its own matrix added', () => {
    const late = createStagePlan('test[node=22]', { stage: 'test', leg: { node: '22' }, generatedBy: 'test' });
    const generators = listGenerators({ nodes: [late, createStagePlan('build', { generatedBy: 'gen' })] });
    const rows = listTreeRows(stages, new Set(), generators);
    expect(
      rows.flatMap((row) => (row.kind === 'stage' && row.generatedBy ? [`${row.id} ${row.generatedBy}`] : [])),
    ).toEqual(['build gen']);
  });
});
