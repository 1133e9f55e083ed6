import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLivePrinter } from './live-printer.ts';
import { openPlainPrinter } from './plain-printer.ts';
import { at, attemptObject, paperScreen, runningStatus, runObject, stageObject } from './testing.ts';
import { applyLines, applyLogEnd, applyStage, createView, type Effect, type View } from './view.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at(0)) });
});
afterEach(() => {
  vi.useRealTimers();
});

function viewOf(isSequential: boolean): View {
  const shapes = ['a', 'b'].map((name, position) => ({ name, position, kind: 'stage' as const, needs: [], steps: [] }));
  return createView(runObject(), shapes, isSequential);
}

/** A stage that prints one line and passes, as the effects of its events. */
function runStage(view: View, name: string, text: string): Effect[] {
  const begun = applyStage(view, stageObject(name, runningStatus(0), [attemptObject(1, 0)]));
  const node = view.nodes.get(name);
  if (!node) throw new Error('no node');
  const lines = applyLines(node, 1, { from: 1, lines: [{ text }] });
  const status = { kind: 'ended' as const, ending: 'passed' as const, reason: null, at: at(300) };
  const over = applyStage(
    view,
    stageObject(name, status, [attemptObject(1, 0, { status, endedAt: at(300), exitCode: 0 })]),
  );
  return [...begun, ...lines, ...over, ...applyLogEnd(view, node, 1)];
}

test('plain: output on stdout with its stage, changes on stderr', () => {
  const screen = paperScreen({ isOutTty: false, isErrTty: false });
  const view = viewOf(false);
  const printer = openPlainPrinter({ screen, view: () => view, isGithub: false });
  for (const effect of runStage(view, 'a', 'hello')) printer.show(effect);
  printer.close();
  expect(screen.written).toEqual({ out: 'a | hello\n', err: '◐ a  running\n✓ a  0.3s\n' });
});

test('plain: after a minute of silence it says what still runs', () => {
  const screen = paperScreen({ isErrTty: false });
  const view = viewOf(false);
  const printer = openPlainPrinter({ screen, view: () => view, isGithub: false });
  for (const effect of applyStage(view, stageObject('a', runningStatus(0), [attemptObject(1, 0)])))
    printer.show(effect);
  vi.advanceTimersByTime(180_000);
  printer.close();
  expect(screen.written.err).toContain(
    'still running: a (1m 00s)\nstill running: a (2m 00s)\nstill running: a (3m 00s)\n',
  );
});

test('plain: a name before the output has at most 24 columns', () => {
  const screen = paperScreen({ isOutTty: false });
  const name = 'integration-tests[browser=firefox,os=linux]';
  const view = createView(runObject(), [{ name, position: 0, kind: 'stage', needs: [], steps: [] }], false);
  const printer = openPlainPrinter({ screen, view: () => view, isGithub: false });
  for (const effect of runStage(view, name, 'x')) printer.show(effect);
  printer.close();
  expect(screen.written.out).toBe('integration-…x,os=linux] | x\n');
});

test('plain: under GitHub Actions a failed stage is annotated', () => {
  const screen = paperScreen({ isErrTty: false });
  const view = viewOf(false);
  const printer = openPlainPrinter({ screen, view: () => view, isGithub: true });
  const status = { kind: 'ended' as const, ending: 'failed' as const, reason: null, at: at(300) };
  const attempt = attemptObject(1, 0, { endedAt: at(300), exitCode: 2, step: 1 });
  applyStage(view, stageObject('a', status, [attempt]));
  const node = view.nodes.get('a');
  if (!node) throw new Error('no node');
  for (const effect of applyLogEnd(view, node, 1)) printer.show(effect);
  printer.close();
  expect(screen.written.err).toContain('::error title=a::step 1 exited 2\n');
});

test('live: output of one stage at a time is indented, of several hidden until all is asked for', () => {
  for (const [isSequential, expected] of [
    [true, '  first\n'],
    [false, ''],
  ] as const) {
    const screen = paperScreen();
    const view = viewOf(isSequential);
    const printer = openLivePrinter({ screen, view: () => view, hasKeys: true, write: screen.cry });
    for (const effect of runStage(view, 'a', 'first')) printer.show(effect);
    vi.advanceTimersByTime(200);
    expect(screen.written.out).toBe(expected);
    printer.toggleAll();
    for (const effect of runStage(view, 'b', 'second')) printer.show(effect);
    printer.close();
    expect(screen.written.out).toBe(isSequential ? '  first\n  second\n' : 'b | second\n');
  }
});

test('live: a stdout that is no terminal gets lines with the stage', () => {
  const screen = paperScreen({ isOutTty: false });
  const view = viewOf(true);
  const printer = openLivePrinter({ screen, view: () => view, hasKeys: false, write: screen.cry });
  for (const effect of runStage(view, 'a', 'first')) printer.show(effect);
  printer.close();
  expect(screen.written.out).toBe('a | first\n');
});

// ≤ 20 redraws a second (UI §8).
test('live: a flood of lines is drawn at most 20 times a second', () => {
  const screen = paperScreen();
  const view = viewOf(false);
  let writes = 0;
  const printer = openLivePrinter({ screen, view: () => view, hasKeys: true, write: () => (writes += 1) });
  for (const effect of applyStage(view, stageObject('a', runningStatus(0), [attemptObject(1, 0)])))
    printer.show(effect);
  const node = view.nodes.get('a');
  if (!node) throw new Error('no node');
  for (let n = 1; n <= 990; n++) {
    for (const effect of applyLines(node, 1, { from: n, lines: [{ text: `line ${n}` }] })) printer.show(effect);
    vi.advanceTimersByTime(1);
  }
  expect(writes).toBeLessThanOrEqual(20);
  expect(writes).toBeGreaterThan(5);
  printer.close();
});

test('live: nothing is drawn while a question stands, and what came is shown after it', () => {
  const screen = paperScreen();
  const view = viewOf(true);
  const printer = openLivePrinter({ screen, view: () => view, hasKeys: true, write: screen.cry });
  printer.pause();
  const before = screen.written.err;
  for (const effect of runStage(view, 'a', 'first')) printer.show(effect);
  vi.advanceTimersByTime(500);
  expect(screen.written).toEqual({ out: '', err: before });
  printer.resume();
  vi.advanceTimersByTime(100);
  expect(screen.written.out).toBe('  first\n');
  printer.close();
});
