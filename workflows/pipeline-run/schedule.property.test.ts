import fc from 'fast-check';
import { expect, test } from 'vitest';
import { play } from '#test/workflow/play.ts';
import { randomGraph } from '#test/workflow/random-graphs.ts';

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
      const { endings } = play(random, () => 0, stopAfter);
      expect(Object.keys(endings)).toHaveLength(random.nodes.length);
    }),
    { numRuns: 300 },
  );
});
