import { describe, expect, test } from 'vitest';
import { ENDINGS, isFailure, type Ending } from '#core/ending.ts';
import { EDGE_KINDS, RUN_ON } from '#core/plan.ts';
import { outlineOf, stage } from '#test/workflow/outlines.ts';
import { resultWithout } from './book.ts';
import { buildGraph } from './graph.ts';
import { judge, type Situation } from './judge.ts';

/**
 * What becomes of a stage with one need: rows are how the need ended, columns the edge's
 * `on`, and in each cell the letters for run-on success, failure, always.
 * R runs, S is skipped, N is not run.
 */
const TABLE: Record<Ending, Record<(typeof EDGE_KINDS)[number], string>> = {
  //               success          failed           any              skipped
  passed: { success: 'RSR', failed: 'SSS', any: 'RSR', skipped: 'SSS' },
  'soft-failed': { success: 'RSR', failed: 'SSS', any: 'RSR', skipped: 'SSS' },
  failed: { success: 'NNN', failed: 'RRR', any: 'RRR', skipped: 'NNN' },
  errored: { success: 'NNN', failed: 'RRR', any: 'RRR', skipped: 'NNN' },
  'timed-out': { success: 'NNN', failed: 'RRR', any: 'RRR', skipped: 'NNN' },
  cancelled: { success: 'NNN', failed: 'NNN', any: 'RSR', skipped: 'NNN' },
  rejected: { success: 'NNN', failed: 'RRR', any: 'RRR', skipped: 'NNN' },
  skipped: { success: 'SSR', failed: 'SSS', any: 'SSR', skipped: 'RSR' },
  'not-run': { success: 'NNN', failed: 'NNN', any: 'RSR', skipped: 'NNN' },
};

function situationWith(results: Record<string, Ending>, given: Partial<Situation> = {}): Situation {
  const entries = Object.entries(results);
  return {
    results: new Map(entries.map(([name, ending]) => [name, resultWithout(ending, null)])),
    tainted: new Set(entries.filter(([, ending]) => isFailure(ending)).map(([name]) => name)),
    unsettled: new Set(),
    stop: null,
    ...given,
  };
}

describe('the truth table of edges', () => {
  for (const ending of ENDINGS) {
    for (const on of EDGE_KINDS) {
      test(`a need that ended ${ending}, edge on ${on}`, () => {
        const letters = RUN_ON.map((runOn) => {
          const nodes = [stage('need'), stage('it', { needs: [{ to: 'need', on }], runOn })];
          const graph = buildGraph(outlineOf(nodes));
          const verdict = judge(graph, nodes[1] ?? stage('it'), situationWith({ need: ending }));
          if (verdict.kind === 'proceed') return 'R';
          return verdict.kind === 'end' ? verdict.ending.charAt(0).toUpperCase() : '?';
        });
        expect(letters.join('')).toBe(TABLE[ending][on]);
      });
    }
  }
});

test('a stage waits until every need has ended', () => {
  const it = stage('it', {
    needs: [
      { to: 'a', on: 'success' },
      { to: 'b', on: 'success' },
    ],
  });
  const graph = buildGraph(outlineOf([stage('a'), stage('b'), it]));
  expect(judge(graph, it, situationWith({ a: 'passed' }))).toEqual({ kind: 'wait' });
});

test('run-on success looks behind its direct needs', () => {
  const fix = stage('fix', { needs: [{ to: 'a', on: 'failed' }] });
  const it = stage('it', { needs: [{ to: 'fix', on: 'success' }] });
  const graph = buildGraph(outlineOf([stage('a'), fix, it]));
  const situation = situationWith({ a: 'failed', fix: 'passed' }, { tainted: new Set(['a', 'fix']) });
  expect(judge(graph, it, situation)).toMatchObject({ ending: 'not-run', reason: { code: 'ancestor-failed' } });
});

test('if-all-skipped="run" runs although every need was skipped', () => {
  const it = stage('it', { needs: [{ to: 'a', on: 'success' }], ifAllSkipped: 'run' });
  const graph = buildGraph(outlineOf([stage('a'), it]));
  expect(judge(graph, it, situationWith({ a: 'skipped' }))).toEqual({ kind: 'proceed' });
});

test('reading an output that was not produced skips the reader and names it', () => {
  const it = stage('it', { needs: [{ to: 'a', on: 'success' }], reads: ['stages.a.outputs.tag'] });
  const graph = buildGraph(outlineOf([stage('a'), it]));
  expect(judge(graph, it, situationWith({ a: 'passed' }))).toMatchObject({
    ending: 'skipped',
    reason: { code: 'output-missing', values: { output: 'stages.a.outputs.tag' } },
  });
});

test('a finally without needs waits for the whole run, always after failure', () => {
  const nodes = [stage('a'), stage('f', { runOn: 'failure' }), stage('z', { runOn: 'always' })];
  const graph = buildGraph(outlineOf(nodes));
  expect(graph.waits.get('f')).toEqual(['a']);
  expect(graph.waits.get('z')).toEqual(['a', 'f']);
});

test('after a stop only always stages go on', () => {
  const nodes = [stage('a'), stage('z', { runOn: 'always' })];
  const graph = buildGraph(outlineOf(nodes));
  const situation = situationWith({}, { stop: 'cancelled' });
  expect(judge(graph, stage('a'), situation)).toMatchObject({ ending: 'not-run' });
  expect(judge(graph, nodes[1] ?? stage('z'), situation)).toEqual({ kind: 'wait' });
});
