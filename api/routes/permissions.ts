import {
  ACTION_MEANINGS,
  ORGANIZATION_ACTIONS,
  ORGANIZATION_ROLE_ACTIONS,
  ORGANIZATION_ROLES,
  WORKSPACE_ACTIONS,
  WORKSPACE_ROLE_ACTIONS,
  WORKSPACE_ROLES,
  workspaceActionsOf,
} from '#core/permission.ts';
import type { PermissionsObject } from '#core/rest-members.ts';
import { route, type Route } from '../route.ts';
import { permissionsSchema } from '../schemas/members.ts';

/** The permission table, for those who explain it. */
export function permissionRoutes(): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/permissions', name: 'listPermissions', tag: 'people' },
      summary: 'Answers which actions there are and which roles have them.',
      access: { kind: 'signed-in' },
      answers: { 200: permissionsSchema },
      handle: (call) => call.request.json(describePermissions()),
    }),
  ];
}

function describePermissions(): PermissionsObject {
  const over = (names: readonly (keyof typeof ACTION_MEANINGS)[], what: 'workspace' | 'organization') =>
    names.map((name) => ({ name, over: what, meaning: ACTION_MEANINGS[name] }));
  return {
    actions: [...over(WORKSPACE_ACTIONS, 'workspace'), ...over(ORGANIZATION_ACTIONS, 'organization')],
    organizationRoles: ORGANIZATION_ROLES.map((name) => ({
      name,
      actions: [...ORGANIZATION_ROLE_ACTIONS[name], ...workspaceActionsOf(name)],
    })),
    workspaceRoles: WORKSPACE_ROLES.map((name) => ({ name, actions: [...WORKSPACE_ROLE_ACTIONS[name]] })),
  };
}
