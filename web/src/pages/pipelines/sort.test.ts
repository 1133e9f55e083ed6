import { expect, it } from 'vitest';
import { readSort, sortOf, type Sort } from './sort.ts';

it('a head sorts, sorts the other way round, and no longer', () => {
  const walk = (key: 'name' | 'median') => {
    const seen: (string | null)[] = [];
    let sort: Sort = null;
    for (let press = 0; press < 3; press += 1) {
      sortOf(key, sort, (next) => (sort = next)).onSort();
      seen.push(sort, sortOf(key, sort, () => {}).direction);
    }
    return seen;
  };
  expect(walk('name')).toEqual(['name', 'ascending', '-name', 'descending', null, 'none']);
  expect(walk('median')).toEqual(['-median', 'descending', 'median', 'ascending', null, 'none']);
});

it('an address that says something else is not sorted', () => {
  expect([readSort('-pass-rate'), readSort('owner'), readSort(null)]).toEqual(['-pass-rate', null, null]);
});
