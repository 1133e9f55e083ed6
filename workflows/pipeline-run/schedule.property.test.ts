import fc from 'fast-check';
import { expect, test } from 'vitest';
import { play } from '#test/workflow/play.ts';
import { growingGraph, randomGraph } from '#test/workflow/random-graphs.ts';

test('no stage starts before its needs, none is lost, none runs twice', () => {
  fc.assert(
    fc.property(randomGraph(40), fc.infiniteStream(fc.nat()), (random, choices) => {
      const { begun, endings } = play(random, (count) => (choices.next().value ?? 0) % count);
      expect(Object.keys(endings)).toHaveLength(random.nodes.length);
      expect(new Set(begun).size).toBe(begun.length);
    }),
    { numRuns: 500 },
  );
});

test('how a run ends does not depend on the order in which its stages end', () => {
  fc.assert(
    fc.property(randomGraph(25), fc.infiniteStream(fc.nat()), (random, choices) => {
      const first = play(random, () => 0);
      const other = play(random, (count) => (choices.next().value ?? 0) % count);
      expect(other.endings).toEqual(first.endings);
    }),
    { numRuns: 500 },
  );
});

test('a cancel always reaches an ending', () => {
  fc.assert(
    fc.property(randomGraph(30), fc.nat(10), (random, stopAfter) => {
      const { endings } = play(random, () => 0, [{ kind: 'stop', after: stopAfter }]);
      expect(Object.keys(endings)).toHaveLength(random.nodes.length);
    }),
    { numRuns: 300 },
  );
});

test('a stage that is skipped before it begins ends the run the same way, whenever that is asked', () => {
  fc.assert(
    fc.property(
      randomGraph(25),
      fc.nat(24),
      fc.nat(10),
      fc.infiniteStream(fc.nat()),
      (random, index, after, choices) => {
        const name = `s${index % random.nodes.length}`;
        const first = play(random, () => 0, [{ kind: 'skip', after: 0, name }]);
        const other = play(random, (count) => (choices.next().value ?? 0) % count, [{ kind: 'skip', after, name }]);
        fc.pre(!first.begun.includes(name) && !other.begun.includes(name));
        fc.pre(first.endings[name] === other.endings[name]);
        expect(other.endings).toEqual(first.endings);
      },
    ),
    { numRuns: 500 },
  );
});

test('after a stage was retried in place every stage that never began is where the rules put it', () => {
  const retries = fc.array(
    fc.record({
      kind: fc.constant('retry' as const),
      after: fc.nat(20),
      ending: fc.constantFrom('passed' as const, 'passed' as const, 'failed' as const),
    }),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(randomGraph(30), retries, fc.infiniteStream(fc.nat()), (random, interventions, choices) => {
      const { endings, misplaced } = play(random, (count) => (choices.next().value ?? 0) % count, interventions);
      expect(Object.keys(endings)).toHaveLength(random.nodes.length);
      expect(misplaced).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('a retry in place that passes before anything looked at the failure ends the run as if it had passed at once', () => {
  fc.assert(
    fc.property(randomGraph(25), fc.nat(10), fc.infiniteStream(fc.nat()), (random, after, choices) => {
      const retried = play(random, (count) => (choices.next().value ?? 0) % count, [
        { kind: 'retry', after, ending: 'passed' },
      ]);
      const twice = retried.begun.find((name, index) => retried.begun.indexOf(name) !== index);
      fc.pre(twice !== undefined);
      const healed = play({ ...random, endings: { ...random.endings, [twice ?? '']: 'passed' } }, () => 0);
      fc.pre(retried.begun.every((name) => healed.begun.includes(name)));
      expect(retried.endings).toEqual(healed.endings);
    }),
    { numRuns: 500 },
  );
});

test('in a run that grows no stage starts before what it waits for, none is lost, none runs twice', () => {
  fc.assert(
    fc.property(growingGraph(20), fc.infiniteStream(fc.nat()), (random, choices) => {
      const { begun, endings, nodes } = play(random, (count) => (choices.next().value ?? 0) % count);
      expect(Object.keys(endings)).toHaveLength(nodes);
      expect(new Set(begun).size).toBe(begun.length);
    }),
    { numRuns: 1_000 },
  );
});

test('how a run that grows ends does not depend on the order in which its stages end', () => {
  fc.assert(
    fc.property(growingGraph(15), fc.infiniteStream(fc.nat()), (random, choices) => {
      const first = play(random, () => 0);
      const other = play(random, (count) => (choices.next().value ?? 0) % count);
      expect(other.endings).toEqual(first.endings);
    }),
    { numRuns: 1_000 },
  );
});

test('a cancel of a run that grows always reaches an ending', () => {
  fc.assert(
    fc.property(growingGraph(20), fc.nat(10), (random, stopAfter) => {
      const { endings, nodes } = play(random, () => 0, [{ kind: 'stop', after: stopAfter }]);
      expect(Object.keys(endings)).toHaveLength(nodes);
    }),
    { numRuns: 500 },
  );
});

test('skips and retries leave every stage of a run that grows where the rules put it', () => {
  const interventions = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('retry' as const), after: fc.nat(15), ending: fc.constant('passed' as const) }),
      fc.record({ kind: fc.constant('skip' as const), after: fc.nat(15), name: fc.nat(14).map((n) => `s${n}`) }),
    ),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(growingGraph(15), interventions, fc.infiniteStream(fc.nat()), (random, asked, choices) => {
      const { endings, nodes, misplaced } = play(random, (count) => (choices.next().value ?? 0) % count, asked);
      expect(Object.keys(endings)).toHaveLength(nodes);
      expect(misplaced).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
