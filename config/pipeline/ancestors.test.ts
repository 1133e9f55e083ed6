import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAncestors } from './ancestors.ts';

test('a node has the ancestors of what it needs, and itself is none', () => {
  const graphs = fc.array(fc.array(fc.nat(80), { maxLength: 4 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(graphs, fc.boolean(), (seeds, isReversed) => {
      const nodes = seeds.map((seed, index) => {
        const needs = index === 0 ? [] : seed.map((back) => ({ to: `s${back % index}` }));
        return [`s${index}`, needs] as const;
      });
      const needs = new Map<string, { to: string }[]>(isReversed ? nodes.toReversed() : nodes);
      const ancestors = findAncestors(needs);
      const collect = (name: string): string[] =>
        (needs.get(name) ?? []).flatMap(({ to }) => [to, ...ancestors.list(to)]);
      for (const name of needs.keys()) {
        expect(new Set(ancestors.list(name))).toEqual(new Set(collect(name)));
        expect(ancestors.has(name, name)).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});

test('the first of 5,000 in sequence is an ancestor of the last', () => {
  const needs = new Map<string, { to: string }[]>(
    Array.from({ length: 5_000 }, (_, index) => [`s${index}`, index ? [{ to: `s${index - 1}` }] : []]),
  );
  const ancestors = findAncestors(needs);
  expect(ancestors.has('s4999', 's0')).toBe(true);
  expect(ancestors.has('s0', 's4999')).toBe(false);
  expect(ancestors.list('s4999')).toHaveLength(4_999);
});
