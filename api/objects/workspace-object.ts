import type { Retention } from '#core/leftovers.ts';
import type { OrganizationObject, WorkspaceObject } from '#core/rest-workspaces.ts';
import type { OrganizationRow } from '#db/queries/organizations.ts';
import type { WorkspaceDetailRow } from '#db/queries/workspaces.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';

/** `retention` is the installation's. */
export function toWorkspaceObject(
  row: WorkspaceDetailRow,
  principal: Principal,
  retention: Retention,
): WorkspaceObject {
  const owner = { organizationId: row.organizationId, workspaceId: row.id };
  const canWrite = explainAction(principal, 'workspace:write', owner);
  return {
    id: row.id,
    name: `${row.organization}/${row.name}`,
    organization: row.organization,
    weight: row.weight,
    retentionDays: row.retentionDays ?? retention.days,
    defaultRetentionDays: retention.days,
    version: row.version,
    updatedBy: row.updatedBy,
    createdAt: row.createdAt,
    can: {
      update: canWrite,
      delete: canWrite,
      transfer: explainAction(principal, 'organization:owners', owner),
      members: explainAction(principal, 'member:admin', owner),
      quotas: explainAction(principal, 'quota:write', owner),
    },
  };
}

export function toOrganizationObject(row: OrganizationRow, principal: Principal): OrganizationObject {
  const owner = { organizationId: row.id, workspaceId: null };
  return {
    id: row.id,
    name: row.name,
    role: principal.organizations.find(({ id }) => id === row.id)?.role ?? null,
    version: row.version,
    createdAt: row.createdAt,
    can: {
      update: explainAction(principal, 'organization:write', owner),
      delete: explainAction(principal, 'organization:owners', owner),
      members: explainAction(principal, 'organization:members', owner),
      createWorkspace: explainAction(principal, 'workspace:create', owner),
    },
  };
}
