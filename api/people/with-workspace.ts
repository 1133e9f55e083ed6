import { workspaceActionsOf } from '#core/permission.ts';
import type { WorkspaceDetailRow } from '#db/queries/workspaces.ts';
import type { Principal } from '../access/principal.ts';

/** Who makes a workspace has there what their role gives, from the next request on; a token has what it is given. */
export function withWorkspace(maker: Principal, row: WorkspaceDetailRow): Principal {
  const organizations = maker.organizations.map((organization) => {
    if (organization.id !== row.organizationId || organization.role === null) return organization;
    const actions = new Set(workspaceActionsOf(organization.role));
    return { ...organization, workspaces: [...organization.workspaces, { id: row.id, name: row.name, actions }] };
  });
  return { ...maker, organizations };
}
