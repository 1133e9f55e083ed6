import { expect, test } from 'vitest';
import { seedRandom } from '#test/env/seed-random.ts';
import { parseTicks } from './idle.ts';
import { shuffle } from './shuffle.ts';
import { bootstrapInterval, median, spreadOf } from './statistics.ts';

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([])).toBeNaN();
});

test('a spread tells the middle, the quarters around it and the least', () => {
  expect(spreadOf([8, 1, 7, 2, 6, 3, 5, 4])).toEqual({ median: 4.5, low: 2, high: 6, least: 1, count: 8 });
});

test('an interval holds the median, is the same each time, and narrows with the spread', () => {
  const wide = bootstrapInterval([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const narrow = bootstrapInterval([4.9, 5, 5, 5, 5, 5, 5, 5, 5.1]);
  expect(wide).toEqual(bootstrapInterval([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(wide?.low).toBeLessThan(5);
  expect(wide?.high).toBeGreaterThan(5);
  expect(narrow).toEqual({ low: 5, high: 5 });
});

test('two values have no interval', () => {
  expect(bootstrapInterval([1, 2])).toBeNull();
});

test('an order is random, whole, and the same for the same seed', () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const shuffled = shuffle(items, seedRandom(7));
  expect(shuffled).toEqual(shuffle(items, seedRandom(7)));
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((left, right) => left - right)).toEqual(items);
});

test('time of processors is told by what is busy, waiting for a disk not', () => {
  const stat = 'cpu  100 10 50 800 40 5 15 20 0 0\ncpu0 1 2 3 4\n';
  expect(parseTicks(stat)).toEqual({ busy: 200, steal: 20, all: 1_040 });
});
