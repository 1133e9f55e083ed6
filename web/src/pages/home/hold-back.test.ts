import { expect, test } from 'vitest';
import type { InboxObject, InboxSoon } from '#core/rest-inbox.ts';
import { holdBack, listRows } from './hold-back.ts';

const soon = (id: string, name = id): InboxSoon => ({
  ...{ kind: 'token', id, name, expiresAt: '2026-01-02T03:04:05.000Z', organization: null, workspace: null },
});
const inbox = (changes: Partial<InboxObject>): InboxObject => ({
  ...{ waiting: [], faults: [], broken: [], mine: [], soon: [], decided: [], ...changes },
});

test('while nothing may come in, what is there stands as it is now and the rest is counted', () => {
  const shown = inbox({ soon: [soon('a'), soon('b')] });
  const { held, newer } = holdBack(inbox({ soon: [soon('new'), soon('b', 'renamed')] }), shown);
  expect(held.soon).toEqual([soon('b', 'renamed')]);
  expect(newer).toBe(1);
});

test('what came into another section is new there', () => {
  const fault = { id: 'a', label: 'Disk', value: 'full', remedy: null, since: '2026-01-02T03:04:05.000Z' };
  const { held, newer } = holdBack(inbox({ soon: [soon('a')], faults: [fault] }), inbox({ soon: [soon('a')] }));
  expect(held.faults).toEqual([]);
  expect(newer).toBe(1);
});

test('the last decisions stay while something waits that is not shown yet', () => {
  const decision = { gate: 'ship', verdict: 'approve', by: 'user:bo', at: '2026-01-02T03:04:05.000Z' } as const;
  const decided = [{ ...decision, label: 'shop#1', url: '/r/1', workspace: 'acme/shop' }];
  expect(holdBack(inbox({ soon: [soon('a')] }), inbox({ decided })).held.decided).toEqual(decided);
});

test('each row of each section has an id of its own', () => {
  expect(listRows(inbox({ soon: [soon('a'), soon('b')] })).map(({ id }) => id)).toEqual(['soon a', 'soon b']);
});
