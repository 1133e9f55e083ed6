import type { WorkspaceAction } from '#core/permission.ts';
import { asJson, type Queryable, type Transaction } from '../client.ts';

/** A role that an organization made itself. */
export interface OwnRoleRow {
  id: string;
  organizationId: string;
  organization: string;
  name: string;
  actions: WorkspaceAction[];
  version: number;
  createdAt: string;
}

export async function listOwnRoles(queryable: Queryable, organizationId: string): Promise<OwnRoleRow[]> {
  return queryable<OwnRoleRow[]>`
    SELECT roles.*, organizations.name AS organization
    FROM roles JOIN organizations ON organizations.id = roles.organization_id
    WHERE roles.organization_id = ${organizationId} ORDER BY roles.name`;
}

/** False when the name is taken. */
export async function insertOwnRole(
  transaction: Transaction,
  role: Pick<OwnRoleRow, 'id' | 'organizationId' | 'name' | 'actions'>,
): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO roles (id, organization_id, name, actions)
    VALUES (${role.id}, ${role.organizationId}, ${role.name}, ${asJson(transaction, role.actions)})
    ON CONFLICT DO NOTHING RETURNING id`;
  return rows.length === 1;
}

export async function setOwnRoleActions(
  transaction: Transaction,
  id: string,
  actions: readonly WorkspaceAction[],
): Promise<void> {
  await transaction`
    UPDATE roles SET actions = ${asJson(transaction, actions)}, version = version + 1 WHERE id = ${id}`;
}

export async function deleteOwnRole(transaction: Transaction, id: string): Promise<void> {
  await transaction`DELETE FROM roles WHERE id = ${id}`;
}
