import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureWidth } from '../terminal/width.ts';
import { renderRegion } from './region.ts';
import { at, attemptObject, EPOCH, paperScreen, runningStatus, runObject, stageObject } from './testing.ts';
import { applyLines, applyStage, createView, type View } from './view.ts';

const screen = paperScreen();
const options = { now: EPOCH + 42_000, columns: 80, rows: 24, hasKeys: true, notice: null };

function viewOf(running: number, waiting: number, name = (index: number) => `s${index}`): View {
  const shapes = Array.from({ length: running + waiting }, (_, index) => ({
    name: name(index),
    position: index,
    kind: 'stage' as const,
    needs: [],
    steps: [],
  }));
  const view = createView(runObject(), shapes, false);
  for (const { name: stage } of shapes.slice(0, running)) {
    const status = { ...runningStatus(30_000), heartbeatAt: at(41_000) };
    applyStage(view, stageObject(stage, status, [attemptObject(1, 30_000)]));
  }
  return view;
}

test('a running stage shows its time and its last line; the footer counts', () => {
  const view = viewOf(1, 1);
  const node = view.nodes.get('s0');
  if (!node) throw new Error('no node');
  applyLines(node, 1, { from: 1, lines: [{ text: 'compiling' }, { text: '10%\r50%' }], partial: true });
  expect(renderRegion(view, screen, options)).toEqual([
    '◐ s0   12.0s  50%',
    '1 running · 0 done · 1 queued · 0m 42s   [v] all  [q] stop',
  ]);
});

// max(3, min(running + 2, rows/3)) lines and a footer (UI §8).
test.each([
  [1, 24, 1],
  [5, 24, 5],
  [20, 24, 8],
  [20, 40, 13],
  [20, 6, 3],
])('with %i running and %i rows it has %i lines above the footer', (running, rows, lines) => {
  expect(renderRegion(viewOf(running, 4), screen, { ...options, rows })).toHaveLength(lines + 1);
});

test('no line is wider than the terminal, whatever the names and the output', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 40, max: 200 }),
      (name, text, columns) => {
        const view = viewOf(3, 1, (index) => `${name}${index}`);
        for (const node of view.nodes.values()) applyLines(node, 1, { from: 1, lines: [{ text }] });
        for (const line of renderRegion(view, screen, { ...options, columns })) {
          expect(measureWidth(line)).toBeLessThan(columns);
        }
      },
    ),
  );
});

test('without keys none are offered, and a notice stands at the end', () => {
  const lines = renderRegion(viewOf(1, 0), screen, {
    ...options,
    hasKeys: false,
    notice: 'cancelling, press again to force',
  });
  expect(lines.at(-1)).toBe('1 running · 0 done · 0 queued · 0m 42s   cancelling, press again to force');
});

test('a stage without a sign of life says for how long', () => {
  const view = viewOf(1, 0);
  expect(renderRegion(view, screen, { ...options, now: EPOCH + 64_000 })[0]).toContain('no sign of life for 23 s');
});

test('output of a stage cannot move the cursor', () => {
  const view = viewOf(1, 0);
  const node = view.nodes.get('s0');
  if (!node) throw new Error('no node');
  applyLines(node, 1, { from: 1, lines: [{ text: '\u001b[2J\u001b[1;1Hgone\u0007' }] });
  expect(renderRegion(view, screen, options)[0]).toBe('◐ s0   12.0s  gone');
});
