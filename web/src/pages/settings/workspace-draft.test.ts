import { expect, test } from 'vitest';
import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import { changeOf, differs, fieldsOf, rebaseDraft, settleDraft } from './workspace-draft.ts';

const BASE: WorkspaceObject = {
  ...{ id: 'w', name: 'acme/shop', organization: 'acme', weight: 1, updatedBy: null, version: 3 },
  ...{ retentionDays: 90, defaultRetentionDays: 90 },
  ...{
    createdAt: '2026-01-01T00:00:00Z',
    can: { update: true, delete: true, transfer: true, members: true, quotas: true },
  },
};
const THEIRS: WorkspaceObject = { ...BASE, retentionDays: 33, version: 4 };

test('only what is typed is changed', () => {
  expect(differs(fieldsOf(BASE), BASE)).toBe(false);
  expect(changeOf({ name: 'shop', days: '30', weight: '2' }, BASE)).toEqual({ retentionDays: 30, weight: 2 });
  expect(changeOf({ ...fieldsOf(BASE), name: 'store' }, BASE)).toEqual({ name: 'store' });
});

test('what somebody else saved does not slip in under what is typed, and stands beside it when one goes on', () => {
  const draft = { fields: { ...fieldsOf(BASE), weight: '7' }, base: BASE };
  expect(differs(fieldsOf(THEIRS), draft.base)).toBe(true);
  const next = rebaseDraft(draft, THEIRS);
  expect(next.base.version).toBe(4);
  expect(next.fields).toEqual({ name: 'shop', days: '33', weight: '7' });
  expect(changeOf(next.fields, next.base)).toEqual({ weight: 7 });
});

test('what is typed while it is saved goes on from what is saved', () => {
  const sent = { ...fieldsOf(BASE), days: '33' };
  expect(settleDraft({ fields: sent, base: BASE }, sent, THEIRS)).toBeNull();
  const typed = { ...sent, weight: '5' };
  expect(settleDraft({ fields: typed, base: BASE }, sent, THEIRS)).toEqual({ fields: typed, base: THEIRS });
});
