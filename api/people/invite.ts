import type { OrganizationRole } from '#core/permission.ts';
import type { Queryable } from '#db/client.ts';
import { listWorkspaceDetails, listWorkspaceIds } from '#db/queries/workspaces.ts';
import { requireAction } from '../access/authorize.ts';
import { ProblemError } from '../problem.ts';
import type { AccessChange } from './change-access.ts';
import { listRoleGrants, requireGrantable, resolveRole } from './granting.ts';

/** What an invitation asks for, by names. */
export interface Invited {
  role: OrganizationRole;
  workspaces: readonly { workspace: string; role: string }[];
}

/**
 * The bindings of an invitation, each of which its maker may give themselves. Throws 403 `grant-exceeds`, 422
 * `workspace-unknown` and `role-unknown`.
 */
export async function checkInvited(
  { transaction, granter }: AccessChange,
  organizationId: string,
  invited: Invited,
): Promise<{ workspaceId: string; role: string }[]> {
  if (invited.role === 'owner') requireAction(granter, 'organization:owners', { organizationId, workspaceId: null });
  requireGrantable(granter, await listRoleGrants(transaction, organizationId, invited.role));
  const workspaces = await listWorkspaces(transaction, organizationId);
  const bindings = invited.workspaces.map(({ workspace, role }) => {
    const found = workspaces.find((row) => `${row.organization}/${row.name}` === workspace);
    if (found) return { workspaceId: found.id, role };
    throw new ProblemError(422, 'workspace-unknown', `there is no workspace ${workspace} in the organization`);
  });
  for (const { workspaceId, role } of bindings) {
    const actions = await resolveRole(transaction, organizationId, role);
    requireGrantable(granter, [{ owner: { organizationId, workspaceId }, actions }]);
  }
  return bindings;
}

async function listWorkspaces(queryable: Queryable, organizationId: string) {
  return listWorkspaceDetails(queryable, await listWorkspaceIds(queryable, organizationId));
}
