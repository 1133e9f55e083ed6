import { expect, test } from 'vitest';
import { listMet, listUnmet, type Decision, type GateRules } from './gate.ts';

const rules = (approve: GateRules['approve']): GateRules => ({
  approve,
  noSelf: false,
  fields: [],
  expiresMs: null,
  onExpire: 'reject',
  remindMs: null,
  window: null,
  manual: false,
});

const approval = (id: string, ...teams: string[]): Decision => ({
  id,
  verdict: 'approve',
  actor: { id: `user:${id}`, teams, verified: true },
  comment: null,
  fields: {},
  planDigest: 'd',
  at: '2026-01-01T00:00:00Z',
});

test('a gate without rules opens for one approval', () => {
  expect(listUnmet(rules([]), [])).toEqual([{ from: 'anyone', min: 1 }]);
  expect(listUnmet(rules([]), [approval('ann')])).toEqual([]);
});

test('one person counts for one rule', () => {
  const both = rules([
    { from: 'team:sre', min: 1 },
    { from: 'user:ann', min: 1 },
  ]);
  expect(listUnmet(both, [approval('ann', 'sre')])).toHaveLength(1);
  expect(listUnmet(both, [approval('ann', 'sre'), approval('bob', 'sre')])).toEqual([]);
});

test('the same person twice counts once', () => {
  const two = rules([{ from: 'team:sre', min: 2 }]);
  expect(listUnmet(two, [approval('ann', 'sre'), approval('ann', 'sre')])).toEqual([{ from: 'team:sre', min: 1 }]);
});

test('people are spread so that as many rules as possible are met', () => {
  const three = rules([
    { from: 'team:a', min: 1 },
    { from: 'team:b', min: 1 },
    { from: 'user:cid', min: 1 },
  ]);
  const votes = [approval('cid', 'a', 'b'), approval('ann', 'a', 'b'), approval('bob', 'a')];
  expect(listUnmet(three, votes)).toEqual([]);
});

test('each rule names who counts for it, nobody twice', () => {
  const both: GateRules['approve'] = [
    { from: 'team:sre', min: 1 },
    { from: 'user:ann', min: 1 },
  ];
  const names = (decisions: Decision[]) => listMet(both, decisions).map((actors) => actors.map(({ id }) => id));
  expect(names([approval('ann', 'sre')]).flat()).toEqual(['user:ann']);
  expect(names([approval('ann', 'sre'), approval('bob', 'sre')])).toEqual([['user:bob'], ['user:ann']]);
});
