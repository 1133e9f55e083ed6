import { expect, test } from 'vitest';
import { WORKSPACE_ROLE_ACTIONS } from '#core/permission.ts';
import type { MemberObject } from '#core/rest-members.ts';
import { listGranters, writeRequest } from './granters.ts';

const member = (name: string, role: MemberObject['role']) =>
  ({ role, user: { id: name, name, displayName: name, email: null } }) as const;
const members = [member('ann', 'owner'), member('ada', 'admin'), member('bo', 'member')];
const bindings = [
  { principal: 'user:max', actions: [...WORKSPACE_ROLE_ACTIONS.maintainer] },
  { principal: 'team:sre', actions: [...WORKSPACE_ROLE_ACTIONS.maintainer] },
  { principal: 'user:dev', actions: [...WORKSPACE_ROLE_ACTIONS.developer] },
];

test('a right of a workspace is given by who manages its members, owners and admins', () => {
  expect(listGranters('run:trigger', members, bindings)).toEqual(['max', 'team:sre', 'ann', 'ada']);
});

test('nobody grants what they lack', () => {
  // Maintainers set no quotas, admins make no owners.
  expect(listGranters('quota:write', members, bindings)).toEqual(['ann', 'ada']);
  expect(listGranters('organization:owners', members, bindings)).toEqual(['ann']);
});

test('many are counted', () => {
  const many = Array.from({ length: 8 }, (_, index) => member(`owner-${index}`, 'owner'));
  expect(listGranters('run:trigger', many, []).at(-1)).toBe('3 more');
});

test('the request says what is asked for, where, why and by whom', () => {
  const text = writeRequest({ right: 'run:trigger', where: 'acme/shop', from: 'Vic', address: 'https://ci/x' });
  expect(text).toContain('run:trigger in acme/shop: to start runs');
  expect(text).toContain('developer of the workspace');
  expect(text).toMatch(/https:\/\/ci\/x\nVic$/);
});
