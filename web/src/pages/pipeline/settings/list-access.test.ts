import { expect, test } from 'vitest';
import { WORKSPACE_ROLE_ACTIONS, type WorkspaceAction } from '#core/permission.ts';
import type { WorkspaceMemberObject } from '#core/rest-members.ts';
import { listHolders, listRoles } from './list-access.ts';

const given = (principal: string, role: string, actions: readonly WorkspaceAction[]): WorkspaceMemberObject => ({
  ...{ id: principal, workspace: 'acme/shop', principal, role, actions: [...actions] },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', lastSeenAt: null, can: { update: true, remove: true } },
});
const MEMBERS = [
  given('user:vic', 'viewer', WORKSPACE_ROLE_ACTIONS.viewer),
  given('team:sre', 'releaser', ['run:read', 'gate:decide']),
  given('user:bo', 'developer', WORKSPACE_ROLE_ACTIONS.developer),
];

test('roles are the presets, also those that nobody has, and then the organization’s own', () => {
  expect(listRoles(MEMBERS).map(({ role, holders }) => [role, holders])).toEqual([
    ['viewer', ['user:vic']],
    ['developer', ['user:bo']],
    ['deployer', []],
    ['maintainer', []],
    ['releaser', ['team:sre']],
  ]);
});

test('a right is held by everybody whose role has it', () => {
  expect(listHolders(MEMBERS, 'gate:decide')).toEqual(['team:sre', 'user:bo']);
  expect(listHolders(MEMBERS, 'pipeline:write')).toEqual([]);
});
