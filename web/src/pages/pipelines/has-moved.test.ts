import { describe, expect, it } from 'vitest';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { hasMoved, type PipelineQuery } from './has-moved.ts';

const pipeline = (id: string) => ({ id, name: id }) as PipelineObject;
const told = (id: string) => new Map([[id, pipeline(id)]]);
const page = { items: [pipeline('5'), pipeline('4')], next: 'older', prev: null };
const plain: PipelineQuery = { sort: null, attention: null, first: [], cursor: null };

describe('a change of a pipeline', () => {
  it('moves no rows of the plain list unless the pipeline is a new one', () => {
    expect(hasMoved(told('5'), page, plain)).toBe(false);
    expect(hasMoved(told('3'), page, plain)).toBe(false);
    expect(hasMoved(told('6'), page, plain)).toBe(true);
    expect(hasMoved(told('3'), { ...page, next: null }, plain)).toBe(true);
  });

  it('may move a row that is shown where filter or order depend on runs', () => {
    expect(hasMoved(told('5'), page, { ...plain, attention: true })).toBe(true);
    expect(hasMoved(told('5'), page, { ...plain, sort: '-last-run' })).toBe(true);
    expect(hasMoved(told('5'), page, { ...plain, state: 'failed' })).toBe(true);
    expect(hasMoved(told('5'), page, { ...plain, attention: true, cursor: 'older' })).toBe(false);
  });
});
