import { expect, test } from 'vitest';
import { expandLate, MAX_LEGS } from './legs.ts';
import type { LateMatrix } from './plan.ts';

const from = 'stages.plan.outputs.list';
const late: LateMatrix = { axes: [{ name: 'pkg', from }], exclude: [], include: [] };
const legsOf = (list: string, matrix = late) => {
  const expanded = expandLate(matrix, { [from]: list });
  return expanded.kind === 'legs' ? expanded.legs.map((leg) => leg.values) : expanded.message;
};

test('a list becomes one leg for each of its values', () => {
  expect(legsOf('["a", "b"]')).toEqual([{ pkg: 'a' }, { pkg: 'b' }]);
});

test('numbers and truth values of a list count as their text', () => {
  expect(legsOf('[22, true]')).toEqual([{ pkg: '22' }, { pkg: 'true' }]);
});

test('an empty list leaves no leg', () => {
  expect(legsOf('[]')).toEqual([]);
});

test.each([
  ['hello', 'is no JSON list: hello'],
  ['{"a": 1}', 'is no JSON list: {"a": 1}'],
  ['["a", "a"]', 'holds "a" twice'],
  ['["a]"]', 'holds "a]"'],
  ['[["a"]]', 'holds ["a"]'],
  ['[null]', 'holds null'],
])('the list %s is refused: it %s', (list, message) => {
  expect(legsOf(list)).toContain(`${from}, the axis "pkg", ${message}`);
});

test('too many legs are refused before any is made', () => {
  const list = JSON.stringify(Array.from({ length: MAX_LEGS + 1 }, (_, index) => index));
  expect(legsOf(list)).toBe('the matrix has 257 legs, at most 256 are allowed');
  expect(legsOf(list.replace(',256]', ']'))).toHaveLength(MAX_LEGS);
});

test('an exclude that matches nothing is no mistake of a list that is not known before', () => {
  const matrix = { ...late, exclude: [{ pkg: 'b' }, { pkg: 'never' }] };
  expect(legsOf('["a", "b"]', matrix)).toEqual([{ pkg: 'a' }]);
});

test('an include adds values to the legs it matches, or a leg of its own', () => {
  const matrix = {
    ...late,
    include: [
      { pkg: 'a', flags: '--all' },
      { pkg: 'root', flags: '' },
    ],
  };
  expect(legsOf('["a", "b"]', matrix)).toEqual([
    { pkg: 'a', flags: '--all' },
    { pkg: 'b' },
    { pkg: 'root', flags: '' },
  ]);
});

test('an include that names no leg and is none is refused', () => {
  expect(legsOf('["a"]', { ...late, include: [{ other: 'x' }] })).toEqual([{ pkg: 'a', other: 'x' }]);
  const axes = [...late.axes, { name: 'os', values: ['linux'] }];
  expect(legsOf('["a"]', { ...late, axes, include: [{ pkg: 'b', note: 'x' }] })).toContain('matches no leg');
});
