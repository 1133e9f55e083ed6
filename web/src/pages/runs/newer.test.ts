import { describe, expect, it } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { listNewer } from './newer.ts';

const run = (id: string, kind: string, seq = 1) =>
  ({ id, seq, status: { kind }, pipeline: { id: 'p', name: 'shop' }, branch: 'main', number: 1 }) as RunObject;

describe('runs that are to join a page', () => {
  const page = { items: [run('5', 'running'), run('4', 'running')], next: 'older' };
  const filter = { status: 'running' };
  const ids = (newer: ReadonlyMap<string, RunObject>) => [...newer.keys()];

  it('are newer than the page, not on it and let through by the filter', () => {
    const told = [run('6', 'running'), run('7', 'queued'), run('5', 'running', 2), run('3', 'running')];
    expect(ids(listNewer(new Map(), told, page, filter))).toEqual(['6']);
  });

  it('are no longer counted when they leave the filter or have joined', () => {
    const newer = listNewer(new Map(), [run('6', 'running'), run('7', 'running')], page, filter);
    expect(ids(newer)).toEqual(['6', '7']);
    expect(ids(listNewer(newer, [run('7', 'queued', 2)], page, filter))).toEqual(['6']);
    expect(ids(listNewer(newer, [], { ...page, items: [run('7', 'running'), ...page.items] }, filter))).toEqual(['6']);
  });

  it('stand as they were told last', () => {
    const newer = listNewer(new Map(), [run('6', 'running', 3)], page, filter);
    expect(ids(listNewer(newer, [run('6', 'queued', 2)], page, filter))).toEqual(['6']);
  });
});
