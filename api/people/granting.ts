import {
  isWorkspaceAction,
  ORGANIZATION_ROLE_ACTIONS,
  workspaceActionsOf,
  WORKSPACE_ROLE_ACTIONS,
  WORKSPACE_ROLES,
  type Action,
  type OrganizationRole,
  type WorkspaceAction,
  type WorkspaceRole,
} from '#core/permission.ts';
import type { Queryable } from '#db/client.ts';
import { listOwnRoles } from '#db/queries/roles.ts';
import { listWorkspaceIds } from '#db/queries/workspaces.ts';
import { isAllowed, type Owner, type Principal } from '../access/principal.ts';
import { ProblemError } from '../problem.ts';

/** Rights that are about to be given, over one workspace or the organization. */
export interface Grant {
  owner: Owner;
  actions: readonly Action[];
}

/**
 * Nobody grants what they lack: each action must be among those the granter has over the same owner, at this moment.
 * Throws 403 `grant-exceeds` with what is lacking.
 */
export function requireGrantable(granter: Principal, grants: readonly Grant[]): void {
  const lacking = grants.flatMap(({ owner, actions }) =>
    actions.filter((action) => !isAllowed(granter, action, owner)),
  );
  if (lacking.length === 0) return;
  const names = [...new Set(lacking)].join(', ');
  throw new ProblemError(403, 'grant-exceeds', `you cannot give what you do not have: ${names}`, {
    hint: 'ask somebody who has these rights there',
  });
}

/** What a role of the organization gives: there, and in each of its workspaces. */
export async function listRoleGrants(
  queryable: Queryable,
  organizationId: string,
  role: OrganizationRole,
): Promise<Grant[]> {
  const workspaceIds = await listWorkspaceIds(queryable, organizationId);
  return [
    { owner: { organizationId, workspaceId: null }, actions: ORGANIZATION_ROLE_ACTIONS[role] },
    ...workspaceIds.map((workspaceId) => ({
      owner: { organizationId, workspaceId },
      actions: workspaceActionsOf(role),
    })),
  ];
}

/** Actions of a role in a workspace, by its name. Throws 422 `role-unknown`. */
export async function resolveRole(
  queryable: Queryable,
  organizationId: string,
  name: string,
): Promise<readonly WorkspaceAction[]> {
  const actions = presetActions(name);
  if (actions) return actions;
  const own = await listOwnRoles(queryable, organizationId);
  const role = own.find((candidate) => candidate.name === name);
  if (role) return role.actions;
  const names = [...WORKSPACE_ROLES, ...own.map((candidate) => candidate.name)].join(', ');
  throw new ProblemError(422, 'role-unknown', `there is no role ${name}`, { hint: `there are ${names}` });
}

/** What a binding gives: of a role that is there no more, nothing. */
export function actionsOfBinding(binding: { role: string; actions: readonly string[] | null }): WorkspaceAction[] {
  return [...(binding.actions ?? presetActions(binding.role) ?? [])].filter(isWorkspaceAction);
}

function presetActions(name: string): readonly WorkspaceAction[] | null {
  return Object.hasOwn(WORKSPACE_ROLE_ACTIONS, name) ? WORKSPACE_ROLE_ACTIONS[name as WorkspaceRole] : null;
}
