import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, attemptObject, runningStatus, runObject, stageObject } from './testing.ts';
import {
  applyGap,
  applyLines,
  applyLogEnd,
  applyRun,
  applyStage,
  createView,
  type Effect,
  isSettled,
  type NodeView,
  type View,
} from './view.ts';

const shapes = ['a', 'b'].map((name, position) => ({ name, position, kind: 'stage' as const, needs: [], steps: [] }));
const kindsOf = (effects: Effect[]) => effects.map(({ kind }) => kind).filter((kind) => kind !== 'changed');
const passedAt = (ms: number) => ({ kind: 'ended' as const, ending: 'passed' as const, reason: null, at: at(ms) });

function nodeOf(view: View, name: string): NodeView {
  const node = view.nodes.get(name);
  if (!node) throw new Error(`no node ${name}`);
  return node;
}

test('a stage that is queued for something says so once, and again for something else', () => {
  const view = createView(runObject(), shapes, false);
  let seq = 0;
  const queue = (code: string, message: string) => {
    const status = { kind: 'queued' as const, since: at(1), reason: { code, message } };
    return applyStage(view, stageObject('a', status, [], { seq: ++seq })).filter(({ kind }) => kind === 'queued');
  };
  expect(queue('no-runner', 'no runner has the label gpu')).toMatchObject([{ reason: 'no runner has the label gpu' }]);
  expect(queue('no-runner', 'no runner has the label gpu')).toEqual([]);
  expect(queue('quota', '3 ahead')).toMatchObject([{ reason: '3 ahead' }]);
  expect(queue('runner-found', 'waits for host')).toEqual([]);
  expect(queue('image-pull', 'pulling image node:24, 1 of 120 MB')).toHaveLength(1);
  expect(queue('image-pull', 'pulling image node:24, 2 of 120 MB')).toEqual([]);
});

test('a stage is finished only when its log is whole', () => {
  const view = createView(runObject(), shapes, false);
  const begun = applyStage(view, stageObject('a', runningStatus(0), [attemptObject(1, 0)]));
  expect(kindsOf(begun)).toEqual(['started', 'follow']);
  const over = applyStage(view, stageObject('a', passedAt(9), [attemptObject(1, 0, { endedAt: at(9) })]));
  expect(kindsOf(over)).toEqual([]);
  expect(kindsOf(applyLogEnd(view, nodeOf(view, 'a'), 1))).toEqual(['finished']);
});

test('the second attempt is read after the first has been read whole', () => {
  const view = createView(runObject(), shapes, false);
  const both = [attemptObject(1, 0), attemptObject(2, 5)];
  const effects = applyStage(view, stageObject('a', runningStatus(5, 2), both));
  expect(effects.filter(({ kind }) => kind === 'follow')).toMatchObject([{ attempt: 1 }]);
  expect(applyLogEnd(view, nodeOf(view, 'a'), 1)).toMatchObject([{ kind: 'follow', attempt: 2 }]);
});

test('in a sequential plan the next stage is read when the one before is finished', () => {
  const view = createView(runObject(), shapes, true);
  applyStage(view, stageObject('a', passedAt(3), [attemptObject(1, 0, { endedAt: at(3) })]));
  expect(kindsOf(applyStage(view, stageObject('b', runningStatus(4), [attemptObject(1, 4)])))).toEqual(['started']);
  expect(kindsOf(applyLogEnd(view, nodeOf(view, 'a'), 1))).toEqual(['finished', 'follow']);
});

test('an older state is dropped', () => {
  const view = createView(runObject(), shapes, false);
  const older = stageObject('a', runningStatus(0), [attemptObject(1, 0)]);
  applyStage(view, stageObject('a', passedAt(1)));
  applyStage(view, older);
  expect(nodeOf(view, 'a').object?.status.kind).toBe('ended');
});

test('a skipped stage is finished at once and a run is settled when all are', () => {
  const view = createView(runObject(), shapes, false);
  const skipped = { kind: 'ended' as const, ending: 'skipped' as const, reason: null, at: at(1) };
  expect(kindsOf(applyStage(view, stageObject('a', skipped)))).toEqual(['finished']);
  applyStage(view, stageObject('b', skipped));
  expect(isSettled(view)).toBe(false);
  applyRun(view, runObject({ seq: 50, status: passedAt(1) }));
  expect(isSettled(view)).toBe(true);
});

test('a last line without newline becomes a line at the end', () => {
  const view = createView(runObject(), shapes, false);
  const node = nodeOf(view, 'a');
  applyLines(node, 1, { from: 1, lines: [{ text: 'one' }, { text: 'tw' }], partial: true });
  expect(applyLogEnd(view, node, 1)).toMatchObject([{ kind: 'line', n: 2, text: 'tw' }]);
});

test('lines that a gap replaces are named and skipped', () => {
  const view = createView(runObject(), shapes, false);
  const node = nodeOf(view, 'a');
  expect(applyGap(node, 1, { from: 1, to: 5, bytes: 40 })).toMatchObject([{ kind: 'gap', bytes: 40 }]);
  expect(applyLines(node, 1, { from: 6, lines: [{ text: 'six' }] })).toMatchObject([{ kind: 'line', n: 6 }]);
});

test('whatever is sent again after a cut, every line comes once and in order', () => {
  const cuts = fc.array(fc.record({ back: fc.nat(4), take: fc.integer({ min: 1, max: 6 }), isPartial: fc.boolean() }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(cuts, (steps) => {
      const view = createView(runObject(), shapes, false);
      const node = nodeOf(view, 'a');
      const seen: number[] = [];
      let sent = 0;
      for (const { back, take, isPartial } of steps) {
        const from = Math.max(1, sent + 1 - back);
        const lines = Array.from({ length: take }, (_, index) => ({ text: `line ${from + index}` }));
        sent = Math.max(sent, from + take - 1 - (isPartial ? 1 : 0));
        for (const effect of applyLines(node, 1, { from, lines, ...(isPartial ? { partial: true as const } : {}) })) {
          if (effect.kind === 'line') seen.push(effect.n);
        }
      }
      expect(seen).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    }),
  );
});
