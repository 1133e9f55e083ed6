import { describe, expect, test } from 'vitest';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { chooseCarried, type RerunScope } from './choose-carried.ts';
import type { Ending } from './ending.ts';
import type { PlanNode } from './plan.ts';
import type { NodeResult } from './run.ts';

const nodes: PlanNode[] = [
  createStagePlan('lint'),
  createStagePlan('build'),
  createStagePlan('test[node=22]', { stage: 'test', leg: { node: '22' }, needs: needs('build') }),
  createStagePlan('test[node=24]', { stage: 'test', leg: { node: '24' }, needs: needs('build') }),
  createGatePlan('ship', { needs: needs('test[node=22]', 'test[node=24]') }),
  createStagePlan('deploy', { needs: needs('ship') }),
  createStagePlan('report', { runOn: 'always' }),
];

const results = (endings: Partial<Record<string, Ending>> = {}): Record<string, NodeResult> =>
  Object.fromEntries(
    nodes.map((node) => [
      node.name,
      {
        ...{ ending: endings[node.name] ?? 'passed', reason: null, outputs: {}, artifacts: [], attempts: 1 },
        carriedFrom: null,
      },
    ]),
  );

const carriedOf = (scope: RerunScope, endings: Partial<Record<string, Ending>> = {}) =>
  Object.keys(chooseCarried(createPlan(nodes), results(endings), scope) ?? { unknown: 1 });

describe('what a re-run carries', () => {
  const failed = { 'test[node=24]': 'failed', ship: 'not-run', deploy: 'not-run' } as const;

  test('failed: all that succeeded and is behind nothing that failed', () => {
    expect(carriedOf({ kind: 'failed' }, failed)).toEqual(['lint', 'build', 'test[node=22]']);
  });

  test('failed, when nothing did: everything', () => {
    expect(carriedOf({ kind: 'failed' })).toHaveLength(nodes.length);
  });

  test('all: nothing', () => {
    expect(carriedOf({ kind: 'all' })).toEqual([]);
  });

  test('a stage runs again with all its legs and what is behind them', () => {
    expect(carriedOf({ kind: 'stage', name: 'test' })).toEqual(['lint', 'build']);
  });

  test('a leg runs again without its siblings', () => {
    expect(carriedOf({ kind: 'leg', name: 'test[node=22]' })).toEqual(['lint', 'build', 'test[node=24]']);
  });

  test('a stage brings along the needs that did not succeed', () => {
    expect(carriedOf({ kind: 'stage', name: 'deploy' }, failed)).toEqual(['lint', 'build', 'test[node=22]']);
  });

  test('a soft failure and a skip are carried', () => {
    const endings = { lint: 'soft-failed', build: 'skipped', deploy: 'errored' } as const;
    expect(carriedOf({ kind: 'failed' }, endings)).toEqual(['lint', 'build', 'test[node=22]', 'test[node=24]', 'ship']);
  });

  test('a name that is none is said', () => {
    expect(carriedOf({ kind: 'stage', name: 'tset' })).toEqual(['unknown']);
    expect(carriedOf({ kind: 'leg', name: 'test' })).toEqual(['unknown']);
  });
});
