import { expect, it } from 'vitest';
import { readFilter, withoutToken } from './filter.ts';

it('tokens become what the server is asked', () => {
  expect(readFilter('status:failed branch:"release 1" author:ann shop-api #142')).toEqual({
    filter: { ending: 'failed', branch: 'release 1', startedBy: 'user:ann', pipeline: 'shop-api', number: 142 },
    tokens: ['status:failed', 'branch:"release 1"', 'author:ann', 'shop-api', '#142'],
    problem: null,
  });
  expect(readFilter('status:running author:token:ci').filter).toEqual({ status: 'running', startedBy: 'token:ci' });
});

it('what is no filter is said, never left out', () => {
  expect(readFilter('colour:blue').problem).toContain('nothing is called colour:');
  expect(readFilter('status:green').problem).toContain('no run is green');
  expect(readFilter('branch:').problem).toBe('branch: says no value');
});

it('a chip takes its token out', () => {
  expect(withoutToken('status:failed branch:main', 'status:failed')).toBe('branch:main');
});
