import { expect, test } from 'vitest';
import { describeConditions } from './describe-trigger.ts';

const NONE = { branches: [], branchesIgnore: [], tags: [], paths: [], pathsIgnore: [] };

test('a trigger without words has no conditions', () => {
  expect(describeConditions({ on: 'push', ...NONE })).toEqual([]);
  expect(describeConditions({ on: 'manual' })).toEqual([]);
});

test('what is let in and what is kept out are told apart', () => {
  const trigger = { on: 'push' as const, ...NONE, branches: ['main', 'release/*'], pathsIgnore: ['docs/**'] };
  expect(describeConditions(trigger)).toEqual(['branches main, release/*', 'not paths docs/**']);
  expect(describeConditions({ on: 'schedule', cron: '0 3 * * *', timezone: 'UTC' })).toEqual(['0 3 * * * (UTC)']);
});
