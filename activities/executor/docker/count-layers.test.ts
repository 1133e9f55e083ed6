import { expect, test } from 'vitest';
import { countLayers } from './count-layers.ts';

const loading = (id: string, current: number, total?: number) => ({
  ...{ id, status: 'Downloading' },
  progressDetail: { current, ...(total === undefined ? {} : { total }) },
});

test('a total is told once the size of every layer that comes is known', () => {
  const count = countLayers();
  expect(count({ id: '3.20', status: 'Pulling from library/node' })).toBeNull();
  expect(count({ id: 'old', status: 'Already exists', progressDetail: {} })).toBeNull();
  count({ id: 'a', status: 'Pulling fs layer', progressDetail: {} });
  expect(count({ id: 'b', status: 'Pulling fs layer', progressDetail: {} })).toEqual({ done: 0, total: null });
  expect(count(loading('a', 10, 100))).toEqual({ done: 10, total: null });
  expect(count(loading('b', 5, 50))).toEqual({ done: 15, total: 150 });
  expect(count({ id: 'a', status: 'Download complete', progressDetail: {} })).toEqual({ done: 105, total: 150 });
  expect(count({ id: 'a', status: 'Extracting', progressDetail: { current: 1, total: 100 } })).toBeNull();
  expect(count({ status: 'Status: Downloaded newer image' })).toBeNull();
});

test('a size that is never told is not made up', () => {
  const count = countLayers();
  count({ id: 'a', status: 'Pulling fs layer' });
  count(loading('b', 10, 40));
  expect(count({ id: 'a', status: 'Download complete' })).toEqual({ done: 10, total: 40 });
  expect(count(loading('c', 7))).toEqual({ done: 17, total: null });
});
