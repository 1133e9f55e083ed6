import {
  ORGANIZATION_ROLE_ACTIONS,
  WORKSPACE_ROLE_ACTIONS,
  workspaceActionsOf,
  type Action,
  type OrganizationAction,
  type WorkspaceAction,
  type WorkspaceRole,
} from '#core/permission.ts';
import type { Queryable } from '#db/client.ts';
import { readGrants, type Grants } from '#db/queries/grants.ts';
import type { OrganizationGrant } from './principal.ts';

/** What a person may do where: their roles, and those of the teams they are in, taken together. */
export async function loadOrganizations(database: Queryable, userId: string): Promise<OrganizationGrant[]> {
  return combineGrants(await readGrants(database, userId));
}

/**
 * What a token may do: of its creator's rights those among its scopes, in its organization, and in its workspace when it
 * has one. A token is in no team: it does not approve for one.
 */
export function limitToToken(
  organizations: readonly OrganizationGrant[],
  token: { organizationId: string; workspaceId: string | null; scopes: readonly Action[] },
): OrganizationGrant[] {
  const scopes = new Set<string>(token.scopes);
  return organizations
    .filter(({ id }) => id === token.organizationId)
    .map((organization) => ({
      ...organization,
      role: null,
      // One for a workspace has no say over what belongs to the whole organization.
      actions: token.workspaceId === null ? intersect(organization.actions, scopes) : new Set(),
      workspaces: organization.workspaces
        .filter(({ id }) => token.workspaceId === null || id === token.workspaceId)
        .map((workspace) => ({ ...workspace, actions: intersect(workspace.actions, scopes) }))
        .filter(({ actions }) => actions.size > 0),
      teams: [],
    }));
}

function combineGrants({ memberships, bindings, teams }: Grants): OrganizationGrant[] {
  const organizations = new Map<string, { name: string; role: OrganizationGrant['role'] }>();
  for (const { organizationId, organization } of bindings) {
    organizations.set(organizationId, { name: organization, role: null });
  }
  for (const { organizationId, organization, role } of memberships) {
    organizations.set(organizationId, { name: organization, role });
  }
  const found = [...organizations].map(([id, { name, role }]): OrganizationGrant => {
    const workspaces = new Map<string, { id: string; name: string; actions: Set<WorkspaceAction> }>();
    const allow = (workspace: { id: string; name: string }, actions: readonly WorkspaceAction[]) => {
      const kept = workspaces.get(workspace.id) ?? { ...workspace, actions: new Set() };
      workspaces.set(workspace.id, { ...kept, actions: new Set([...kept.actions, ...actions]) });
    };
    for (const membership of memberships) {
      if (membership.organizationId !== id) continue;
      for (const workspace of membership.workspaces) allow(workspace, workspaceActionsOf(membership.role));
    }
    for (const binding of bindings) {
      if (binding.organizationId !== id) continue;
      allow({ id: binding.workspaceId, name: binding.workspace }, actionsOf(binding));
    }
    return {
      ...{ id, name, role },
      actions: new Set<OrganizationAction>(role === null ? [] : ORGANIZATION_ROLE_ACTIONS[role]),
      workspaces: sortByName([...workspaces.values()].filter(({ actions }) => actions.size > 0)),
      teams: teams.filter((team) => team.organizationId === id).map((team) => team.name),
    };
  });
  return sortByName(found);
}

/** Of a preset, or of a role that the organization made; none when that role is there no more. */
function actionsOf(binding: Grants['bindings'][number]): readonly WorkspaceAction[] {
  if (binding.actions) return binding.actions;
  return Object.hasOwn(WORKSPACE_ROLE_ACTIONS, binding.role)
    ? WORKSPACE_ROLE_ACTIONS[binding.role as WorkspaceRole]
    : [];
}

function intersect<Name extends string>(actions: ReadonlySet<Name>, scopes: ReadonlySet<string>): Set<Name> {
  return new Set([...actions].filter((action) => scopes.has(action)));
}

function sortByName<Named extends { name: string }>(list: Named[]): Named[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
