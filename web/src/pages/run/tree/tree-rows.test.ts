import { describe, expect, it } from 'vitest';
import type { StageObject } from '#core/rest.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { stageObject } from '../../../testing/rest-objects.ts';
import { listGenerators } from '../use-plan.ts';
import { listBlocks, listMatrices, listTreeRows } from './tree-rows.ts';

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

  it('is cut into blocks that no fold moves a row out of', () => {
    const legs = Array.from({ length: 40 }, (_, at) => stage(`test[n=${at}]`, at, { n: String(at) }));
    const many = [...legs, ...Array.from({ length: 20 }, (_, at) => stage(`late-${at}`, 40 + at))];
    const blocksOf = (folded: string[]) => {
      const blocks = listBlocks(listTreeRows(many, new Set(folded)));
      expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
      return new Map(blocks.flatMap(({ key, rows }) => rows.map(({ id }) => [id, key] as const)));
    };
    const [open, folded] = [blocksOf([]), blocksOf(['test'])];
    expect(new Set(open.values()).size).toBeGreaterThan(2);
    expect(folded.size).toBe(21);
    for (const [id, key] of folded) expect(open.get(id)).toBe(key);
    expect([...open.keys()]).toEqual(listTreeRows(many, new Set()).map(({ id }) => id));
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
