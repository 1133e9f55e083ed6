import { expect, test } from 'vitest';
import { listChanges } from './list-changes.ts';

test('only what differs is a change; what else is said stays', () => {
  expect(
    listChanges({
      before: { name: 'a', days: 90, gone: true },
      after: { name: 'a', days: 30, list: ['x'] },
      why: 'so',
    }),
  ).toEqual({
    changes: [
      { field: 'days', before: '90', after: '30' },
      { field: 'gone', before: 'true', after: null },
      { field: 'list', before: null, after: '["x"]' },
    ],
    rest: { why: 'so' },
  });
});

test('what was not there before has no field before; a detail without both is shown as it is', () => {
  expect(listChanges({ before: null, after: { role: 'viewer' } })).toEqual({
    changes: [{ field: 'role', before: null, after: 'viewer' }],
    rest: null,
  });
  expect(listChanges({ version: 2 })).toEqual({ changes: [], rest: { version: 2 } });
  expect(listChanges({})).toEqual({ changes: [], rest: null });
  expect(listChanges({ before: 1, after: 2 }).rest).toEqual({ before: 1, after: 2 });
});
