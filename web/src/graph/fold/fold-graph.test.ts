import { describe, expect, it } from 'vitest';
import type { GraphStage } from '../graph-stage.ts';
import { layOut } from '../layout/lay-out.ts';
import { executed, leg, randomStages, stage } from '../testing/stages.ts';
import { chooseKept, MOST_AT_FIRST } from './choose-kept.ts';
import { foldGraph, type FoldedGraph } from './fold-graph.ts';
import { listGroups } from './list-groups.ts';

const CLOSED = { open: new Set<string>(), kept: null };
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('folding', () => {
  it('shows a matrix as one node, its legs when it is opened', () => {
    const stages = [
      stage('build'),
      leg('test', '1', ['build']),
      leg('test', '2', ['build']),
      stage('ship', ['test[1]', 'test[2]']),
    ];
    const groups = listGroups(stages);
    const folded = foldGraph(stages, groups, CLOSED);
    expect(folded.items.map(({ name, kind, label }) => `${kind} ${label} ${name}`)).toEqual([
      'stage build build',
      'matrix test matrix:test[1]',
      'stage ship ship',
    ]);
    expect(pairs(folded)).toEqual(['build>matrix:test[1]', 'matrix:test[1]>ship']);
    const open = foldGraph(stages, groups, { open: new Set(['matrix:test[1]']), kept: null });
    expect(open.items.map(({ name }) => name)).toEqual(['build', 'test[1]', 'test[2]', 'ship']);
    expect(open.items[1]?.group).toBe('matrix:test[1]');
  });

  it('folds siblings from 8 on, and only those with equal needs and dependents', () => {
    const eight = [stage('root'), ...letters.map((name) => stage(`lint-${name}`, ['root'])), stage('other', ['root'])];
    const withEnd = [
      ...eight,
      stage(
        'end',
        letters.map((name) => `lint-${name}`),
      ),
    ];
    expect(listGroups(withEnd)).toMatchObject([
      { kind: 'siblings', label: 'lint-…', members: letters.map((name) => `lint-${name}`) },
    ]);
    expect(listGroups(eight.filter(({ name }) => name !== 'lint-a' && name !== 'other'))).toEqual([]);
  });

  it('marks an edge as an exception only when none of it wants success', () => {
    const cleanup = stage('cleanup', [], { needs: [{ to: 'build', on: 'failed' }] });
    const stages = [stage('build'), cleanup, stage('ship', ['build'])];
    expect(foldGraph(stages, [], CLOSED).edges).toEqual([
      { from: 'build', to: 'cleanup', isException: true },
      { from: 'build', to: 'ship', isException: false },
    ]);
  });

  it('shows at most 200 nodes of many at first, all of them reachable and without a circle', () => {
    for (const size of [201, 1_000, 2_000]) {
      const stages = randomStages(size);
      const groups = listGroups(stages);
      const kept = chooseKept(stages, groups, new Set());
      const folded = foldGraph(stages, groups, { open: new Set(), kept });
      expect(folded.items.length).toBeLessThanOrEqual(MOST_AT_FIRST);
      expect(folded.items.flatMap(({ members }) => members).toSorted()).toEqual(
        stages.map(({ name }) => name).toSorted(),
      );
      expect(layOut(toInput(folded)).nodes).toHaveLength(folded.items.length);
    }
  });

  it('folds also a chain of 1,000', () => {
    const stages = Array.from({ length: 1_000 }, (_, index) =>
      stage(`s${index}`, index === 0 ? [] : [`s${index - 1}`]),
    );
    const kept = chooseKept(stages, [], new Set());
    expect(foldGraph(stages, [], { open: new Set(), kept }).items.length).toBeLessThanOrEqual(MOST_AT_FIRST);
  });

  it('keeps visible what failed with its chain, what waits for a decision, what runs, the critical path', () => {
    const stages = randomStages(1_000);
    const set = (index: number, status: GraphStage['status']) => {
      const old = stages[index];
      if (old) stages[index] = { ...old, status };
    };
    const at = new Date(0).toISOString();
    set(950, { kind: 'ended', ending: 'failed', reason: null, at });
    set(970, { kind: 'waiting', reason: { code: 'gate', message: 'waits' } });
    set(980, { kind: 'running', attempt: 1, since: at, heartbeatAt: at });
    const kept = chooseKept(stages, [], new Set(['stage-990']));
    expect(kept).toSatisfy((names: Set<string>) =>
      ['950', '970', '980', '990'].every((index) => names.has(`stage-${index}`)),
    );
    const failed = stages[950];
    expect(failed?.needs.some(({ to }) => kept?.has(to))).toBe(true);
  });

  it('needs no choice up to 200 nodes', () => {
    expect(chooseKept(randomStages(200), [], new Set())).toBeNull();
  });

  it('is the same whatever has become of the stages', () => {
    const before = randomStages(300);
    const groups = listGroups(before);
    const choice = { open: new Set<string>(), kept: chooseKept(before, groups, new Set()) };
    const after = before.map(({ name, needs }) =>
      executed(
        name,
        needs.map(({ to }) => to),
        [0, 1],
        'failed',
      ),
    );
    expect(foldGraph(after, listGroups(after), choice)).toEqual(foldGraph(before, groups, choice));
  });
});

function pairs({ edges }: FoldedGraph): string[] {
  return edges.map(({ from, to }) => `${from}>${to}`);
}

function toInput({ items, edges }: FoldedGraph) {
  return { nodes: items.map(({ name }) => name), edges: edges.map(({ from, to }) => [from, to] as const) };
}
