import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Growth } from '#core/growth.ts';
import type { OutlineStage } from '#core/outline.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { startHarness, type Harness } from '#test/workflow/harness.ts';
import { needs, outlineOf, stage } from '#test/workflow/outlines.ts';

const PLAN = { key: 'plans/grown.json', digest: 'grown', bytes: 1 };
const grow = (by: string, nodes: OutlineStage[], groups: Growth['groups'] = {}): Growth => ({
  plan: PLAN,
  nodes: nodes.map((node) => ({ ...node, generatedBy: by })),
  groups,
});
const lateMatrix = { axes: [{ name: 'n', from: 'stages.find.outputs.list' }], exclude: [], include: [] };

describeWith(['temporal'], 'a run that grows', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });
  const tasksOf = (runId: string) => harness.ledger.filter((task) => task.runId === runId);

  test('whoever needs a generator waits for all it has generated, which are found in the plan that has them', async () => {
    const growth = grow('plan', [stage('a', { needs: needs('plan') }), stage('b', { needs: needs('a') })]);
    harness.behave('plan', () => ({ growth }));
    const run = await harness.start(outlineOf([stage('plan'), stage('report', { needs: needs('plan') })]));
    const result = await run.result();
    expect(Object.keys(result?.results ?? {})).toEqual(['plan', 'a', 'b', 'report']);
    const tasks = tasksOf(run.runId);
    expect(tasks.map((task) => task.stage)).toEqual(['plan', 'a', 'b', 'report']);
    expect(tasks.map((task) => task.plan.digest)).toEqual(['digest', 'grown', 'grown', 'digest']);
  });

  test('a failure of a generated stage is one of whoever needs the generator', async () => {
    const growth = grow('plan', [stage('bad', { needs: needs('plan') })]);
    harness.behave('plan', () => ({ growth }));
    harness.behave('bad', () => ({ ending: 'failed', exitCode: 1 }));
    const run = await harness.start(outlineOf([stage('plan'), stage('report', { needs: needs('plan') })]));
    const result = await run.result();
    expect(result).toMatchObject({ ending: 'failed', results: { report: { ending: 'not-run' } } });
  });

  test('legs of a late matrix take its place, with fail-fast and what they leave', async () => {
    const legs = ['test[n=1]', 'test[n=2]'];
    const artifact = { runId: 'r', stage: legs[0] ?? '', attempt: 1, name: 'dist', manifest: PLAN, files: 1, bytes: 1 };
    harness.behave('find', () => ({ outputs: { list: '["1","2"]' } }));
    harness.behave('test[n=1]', () => ({ artifacts: [artifact] }));
    harness.expand('test', (lists) => {
      expect(lists).toEqual({ 'stages.find.outputs.list': '["1","2"]' });
      const nodes = legs.map((name) => stage(name, { needs: needs('find') }));
      return { kind: 'grown', growth: grow('test', nodes, { test: { legs, failFast: true, maxParallel: 1 } }) };
    });
    const test = stage('test', { needs: needs('find'), reads: ['stages.find.outputs.list'], lateMatrix });
    const run = await harness.start(
      outlineOf([stage('find'), test, stage('after', { needs: needs('test'), artifactsFrom: ['test'] })]),
    );
    const result = await run.result();
    expect(result?.results['test']).toMatchObject({ ending: 'passed', reason: { code: 'legs-added' } });
    expect(tasksOf(run.runId).map((task) => task.stage)).toEqual(['find', ...legs, 'after']);
    expect(tasksOf(run.runId).at(-1)?.artifacts).toEqual([artifact]);
  });

  test('a matrix without a leg is skipped with its reason, and so is what needs it alone', async () => {
    harness.behave('find', () => ({ outputs: { list: '[]' } }));
    const none = stage('none', { needs: needs('find'), reads: ['stages.find.outputs.list'], lateMatrix });
    const run = await harness.start(outlineOf([stage('find'), none, stage('after', { needs: needs('none') })]));
    const result = await run.result();
    expect(result?.results['none']).toMatchObject({
      ending: 'skipped',
      reason: { code: 'no-legs', message: 'its matrix has no leg: stages.find.outputs.list is []' },
    });
    expect(result?.results['after']?.reason?.code).toBe('needs-skipped');
  });

  test('a re-run repeats what was generated, and the matrix is not made anew', async () => {
    const legs = ['test[n=1]'];
    const outline = outlineOf(
      [
        stage('find'),
        stage('test', { needs: needs('find'), reads: ['stages.find.outputs.list'], lateMatrix }),
        stage('test[n=1]', { needs: needs('find'), generatedBy: 'test' }),
        stage('after', { needs: needs('test[n=1]') }),
      ],
      { groups: { test: { legs, failFast: true, maxParallel: null } } },
    );
    harness.behave('find', () => ({ outputs: { list: '["9"]' } }));
    harness.expand('test', () => {
      throw new Error('asked again');
    });
    const run = await harness.start(outline);
    const result = await run.result();
    expect(result?.ending).toBe('passed');
    expect(tasksOf(run.runId).map((task) => task.stage)).toEqual(['find', 'test[n=1]', 'after']);
  });
});
