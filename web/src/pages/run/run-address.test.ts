import { describe, expect, it } from 'vitest';
import { readSearch, writeAddress } from './run-address.ts';

const address = { pipeline: 'shop', number: '142.2', stage: null, view: 'log', tab: null, attempt: null } as const;

describe('the address of a run page', () => {
  it('says only what differs from how the page opens', () => {
    expect(writeAddress('/acme/shop', address)).toBe('/acme/shop/pipelines/shop/runs/142.2');
    expect(writeAddress('/acme/shop', { ...address, stage: 'test[node=22]', view: 'timeline', attempt: 2 })).toBe(
      '/acme/shop/pipelines/shop/runs/142.2/stages/test%5Bnode%3D22%5D?view=timeline&attempt=2',
    );
  });

  it('keeps what else stands in the search', () => {
    const others = new URLSearchParams('wrap=1&tab=plan');
    expect(writeAddress('/acme/shop', address, others)).toBe('/acme/shop/pipelines/shop/runs/142.2?wrap=1');
  });

  it('reads back what it wrote, and nothing of what it does not know', () => {
    expect(readSearch(new URLSearchParams('view=graph&tab=plan&attempt=3'))).toEqual({
      view: 'graph',
      tab: 'plan',
      attempt: 3,
    });
    expect(readSearch(new URLSearchParams('view=x&tab=y&attempt=-1'))).toEqual({
      view: 'log',
      tab: null,
      attempt: null,
    });
  });
});
