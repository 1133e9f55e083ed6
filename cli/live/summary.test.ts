import { expect, test } from 'vitest';
import type { StageObject } from '#core/rest.ts';
import { renderClosing, renderEnd } from './printer.ts';
import { renderFinished, renderTable } from './summary.ts';
import { at, attemptObject, paperScreen, runObject, stageObject } from './testing.ts';
import { applyLines, applyLogEnd, applyRun, applyStage, createView, type NodeShape, type View } from './view.ts';
import { countTests } from './words.ts';

const screen = paperScreen({ size: () => ({ columns: 90, rows: 24 }) });

function ended(name: string, needs: string[], from: number, to: number, exit: number): StageObject {
  const ending = exit === 0 ? 'passed' : 'failed';
  const reason = exit === 0 ? null : { code: 'exit', message: `step 2 exited ${exit}` };
  const status = { kind: 'ended' as const, ending: ending as 'passed' | 'failed', reason, at: at(to) };
  const attempt = attemptObject(1, from, { status, exitCode: exit, step: exit === 0 ? null : 2, endedAt: at(to) });
  return stageObject(name, status, [attempt], { needs: needs.map((need) => ({ to: need, on: 'success' })) });
}

function notRun(name: string, message: string): StageObject {
  return stageObject(name, {
    kind: 'ended',
    ending: 'not-run',
    reason: { code: 'need-failed', message },
    at: at(18_600),
  });
}

const shape = (name: string, position: number, needs: string[]): NodeShape => ({
  name,
  position,
  kind: 'stage',
  needs,
  steps: ['npm ci', 'npm test'],
});

test('a service that was the cause shows its last lines with the stage', () => {
  const view = failedRun();
  const values = { service: 'db', exit: '1', log: 'starting\nno space left' };
  const reason = { code: 'service-ended', message: 'the service "db" ended with exit 1', values };
  const status = { kind: 'ended' as const, ending: 'failed' as const, reason, at: at(900) };
  applyStage(view, stageObject('build', status, [attemptObject(1, 100, { status, endedAt: at(900) })]));
  const node = view.nodes.get('build') ?? expect.fail();
  expect(renderClosing(node, screen)).toMatch(
    /the service "db" ended with exit 1\n  db \| starting\n  db \| no space left\n$/,
  );
});

function failedRun(): View {
  const view = createView(
    runObject(),
    [
      shape('test[node=22]', 0, []),
      shape('test[node=24]', 1, []),
      shape('build', 2, ['test[node=22]', 'test[node=24]']),
      shape('deploy', 3, ['build']),
    ],
    false,
  );
  applyStage(view, ended('test[node=22]', [], 100, 18_300, 0));
  applyStage(view, ended('test[node=24]', [], 100, 12_500, 1));
  const node = view.nodes.get('test[node=24]');
  if (!node) throw new Error('no such node');
  const lines = [{ text: 'FAIL src/cart.test.ts > totals round half up' }, { text: 'expected 10.01, got 10.00' }];
  applyLines(node, 1, { from: 1, lines: Array.from({ length: 213 }, (_, index) => ({ text: `line ${index + 1}` })) });
  applyLines(node, 1, { from: 214, lines });
  applyLogEnd(view, node, 1);
  applyStage(view, notRun('build', 'needs test[node=24]: failed'));
  applyStage(view, notRun('deploy', 'needs build: not-run'));
  const status = { kind: 'ended' as const, ending: 'failed' as const, reason: null, at: at(18_600) };
  applyRun(view, runObject({ seq: 99, status, endedAt: at(18_600), durationMs: 18_600 }));
  return view;
}

// The transcript of UI §8, word for word.
test('a failed run ends with its table, its counts and what to do next', () => {
  expect(renderEnd(failedRun(), screen)).toBe(
    `  stage          ending     waited    ran  why
✓ test[node=22]  passed       0.1s  18.2s
✗ test[node=24]  failed       0.1s  12.4s  exit 1 in step 2
□ build          not-run                   needs test[node=24]: failed
□ deploy         not-run                   needs build: not-run
✗ failed  18.6s · 1 passed, 1 failed, 2 not-run                              run local/18
Next: buildit retry local/18 --failed · buildit logs local/18 'test[node=24]'
`,
  );
});

test('a failed stage closes with its step and its last 40 lines with numbers', () => {
  const node = failedRun().nodes.get('test[node=24]');
  if (!node) throw new Error('no such node');
  const lines = renderClosing(node, screen).trimEnd().split('\n');
  expect(lines[0]).toBe('✗ test[node=24]  12.4s  step 2 of 2 exited 1: npm test');
  expect(lines).toHaveLength(41);
  expect(lines.slice(-2)).toEqual([
    '    214 | FAIL src/cart.test.ts > totals round half up',
    '    215 | expected 10.01, got 10.00',
  ]);
});

test('a run in which everything passed needs no table', () => {
  const view = createView(
    runObject({ label: 'local/17' }),
    [shape('hello', 0, []), shape('world', 1, ['hello'])],
    true,
  );
  applyStage(view, ended('hello', [], 0, 300, 0));
  applyStage(view, ended('world', ['hello'], 300, 600, 0));
  const status = { kind: 'ended' as const, ending: 'passed' as const, reason: null, at: at(700) };
  applyRun(view, runObject({ label: 'local/17', seq: 9, status, durationMs: 700 }));
  expect(renderEnd(view, screen)).toBe(
    `✓ passed  0.7s · 2 passed                                                    run local/17
Next: buildit logs local/17 hello
`,
  );
});

test('a retried stage says how many attempts it took', () => {
  const view = createView(runObject(), [shape('test', 0, [])], true);
  const status = { kind: 'ended' as const, ending: 'passed' as const, reason: null, at: at(2_000) };
  const first = attemptObject(1, 0, { exitCode: 1, step: 1, endedAt: at(1_000) });
  const second = attemptObject(2, 1_500, { exitCode: 0, endedAt: at(2_000) });
  applyStage(view, stageObject('test', status, [first, second]));
  const node = view.nodes.get('test');
  if (!node) throw new Error('no such node');
  expect(renderClosing(node, screen)).toBe('✓ test  2.0s  2 attempts\n');
});

test('a stage whose command was killed says so in words', () => {
  const view = createView(runObject(), [shape('test', 0, [])], true);
  const status = { kind: 'ended' as const, ending: 'failed' as const, reason: null, at: at(1_000) };
  applyStage(view, stageObject('test', status, [attemptObject(1, 0, { exitCode: 137, step: 1, endedAt: at(1_000) })]));
  const node = view.nodes.get('test');
  if (!node) throw new Error('no such node');
  expect(renderClosing(node, screen)).toContain('step 1 of 2 exited 137 (killed): npm ci');
});

test('what the tests of a stage say stands beside how it ended', () => {
  const view = createView(runObject(), [shape('test', 0, [])], false);
  const stage = ended('test', [], 100, 12_500, 1);
  const [attempt] = stage.attempts;
  if (!attempt) throw new Error('no attempt');
  attempt.tests = { passed: 212, failed: 1, errored: 1, skipped: 1 };
  applyStage(view, stage);
  const node = view.nodes.get('test');
  if (!node) throw new Error('no such node');
  expect(renderFinished(node, screen)).toBe('✗ test  12.4s  2 of 215 tests failed  step 2 of 2 exited 1: npm test');
  expect(renderTable(view, screen, null)?.[1]).toContain('exit 1 in step 2, 2 of 215 tests failed');
  attempt.tests = { passed: 3, failed: 0, errored: 0, skipped: 2 };
  expect(countTests(stage)).toBe('3 tests passed, 2 skipped');
});
