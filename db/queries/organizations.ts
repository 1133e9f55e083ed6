import type { Database, Queryable, Transaction } from '../client.ts';

export interface OrganizationWithWorkspaces {
  id: string;
  name: string;
  workspaces: { id: string; name: string }[];
}

/** All of the installation, with their workspaces. */
export async function listOrganizations(database: Database): Promise<OrganizationWithWorkspaces[]> {
  return database<OrganizationWithWorkspaces[]>`
    SELECT organizations.id, organizations.name,
      coalesce(json_agg(json_build_object('id', workspaces.id, 'name', workspaces.name) ORDER BY workspaces.name)
        FILTER (WHERE workspaces.id IS NOT NULL), '[]'::json) AS workspaces
    FROM organizations LEFT JOIN workspaces ON workspaces.organization_id = organizations.id
    GROUP BY organizations.id ORDER BY organizations.name`;
}

/** One change of an organization's people at a time; what else refers to the organization goes on. */
export async function lockOrganization(transaction: Transaction, id: string): Promise<void> {
  await transaction`SELECT FROM organizations WHERE id = ${id} FOR NO KEY UPDATE`;
}

export interface OrganizationRow {
  id: string;
  name: string;
  version: number;
  createdAt: string;
}

/** Of these ids, by name. */
export async function listOrganizationRows(queryable: Queryable, ids: readonly string[]): Promise<OrganizationRow[]> {
  if (ids.length === 0) return [];
  return queryable<OrganizationRow[]>`
    SELECT id, name, version, created_at FROM organizations WHERE id IN ${queryable([...ids])} ORDER BY name`;
}

/** False when the name is taken. */
export async function insertOrganization(transaction: Transaction, id: string, name: string): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO organizations (id, name) VALUES (${id}, ${name}) ON CONFLICT DO NOTHING RETURNING id`;
  return rows.length === 1;
}

/** False when the name is taken. */
export async function renameOrganization(transaction: Transaction, id: string, name: string): Promise<boolean> {
  const rows = await transaction`
    UPDATE organizations SET name = ${name}, version = version + 1
    WHERE id = ${id} AND NOT EXISTS (SELECT FROM organizations other WHERE other.name = ${name} AND other.id <> ${id})
    RETURNING id`;
  return rows.length === 1;
}

/** With its people, roles, secrets and its audit; its workspaces are to be gone before. */
export async function deleteOrganization(transaction: Transaction, id: string): Promise<void> {
  await transaction`DELETE FROM organizations WHERE id = ${id}`;
}
