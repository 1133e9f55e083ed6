import type { Queryable, Transaction } from '../client.ts';

export interface WorkspaceDetailRow {
  id: string;
  organizationId: string;
  organization: string;
  name: string;
  weight: number;
  /** Null: as the installation has it. */
  retentionDays: number | null;
  version: number;
  /** Of its last change; null while it is as it was made. */
  updatedBy: string | null;
  createdAt: string;
}

/** Of these ids, in one order: by organization and name. */
export async function listWorkspaceDetails(
  queryable: Queryable,
  ids: readonly string[],
): Promise<WorkspaceDetailRow[]> {
  if (ids.length === 0) return [];
  return queryable<WorkspaceDetailRow[]>`
    SELECT workspaces.id, workspaces.organization_id, organizations.name AS organization, workspaces.name,
      workspaces.weight, workspaces.retention_days, workspaces.version, workspaces.updated_by,
      workspaces.created_at
    FROM workspaces JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE workspaces.id IN ${queryable([...ids])} ORDER BY organizations.name, workspaces.name`;
}

/** Ids of all of an organization. */
export async function listWorkspaceIds(queryable: Queryable, organizationId: string): Promise<string[]> {
  const rows = await queryable<{ id: string }[]>`
    SELECT id FROM workspaces WHERE organization_id = ${organizationId}`;
  return rows.map(({ id }) => id);
}

/** False when the name is taken. */
export async function insertWorkspace(
  transaction: Transaction,
  workspace: Pick<WorkspaceDetailRow, 'id' | 'organizationId' | 'name'>,
): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO workspaces (id, organization_id, name)
    VALUES (${workspace.id}, ${workspace.organizationId}, ${workspace.name}) ON CONFLICT DO NOTHING RETURNING id`;
  return rows.length === 1;
}

/** False when the name is taken. */
export async function changeWorkspace(
  transaction: Transaction,
  workspace: Pick<WorkspaceDetailRow, 'id' | 'organizationId' | 'name' | 'weight' | 'retentionDays' | 'updatedBy'>,
): Promise<boolean> {
  const rows = await transaction`
    UPDATE workspaces SET name = ${workspace.name}, weight = ${workspace.weight},
      retention_days = ${workspace.retentionDays}, updated_by = ${workspace.updatedBy}, version = version + 1
    WHERE id = ${workspace.id} AND NOT EXISTS (
      SELECT FROM workspaces other
      WHERE other.organization_id = ${workspace.organizationId} AND other.name = ${workspace.name}
        AND other.id <> ${workspace.id}
    ) RETURNING id`;
  return rows.length === 1;
}

/** Holds off new runs and counts the open ones: who deletes looks first. */
export async function lockWorkspaces(transaction: Transaction, ids: readonly string[]): Promise<{ openRuns: number }> {
  if (ids.length === 0) return { openRuns: 0 };
  await transaction`SELECT FROM workspaces WHERE id IN ${transaction([...ids])} ORDER BY id FOR UPDATE`;
  const [row] = await transaction<{ openRuns: number }[]>`
    SELECT count(*)::int AS open_runs FROM runs
    WHERE workspace_id IN ${transaction([...ids])} AND status_kind <> 'ended'`;
  return { openRuns: row?.openRuns ?? 0 };
}

/** With everything in it; of its tokens nothing is left that could be used. */
export async function deleteWorkspaces(transaction: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction`DELETE FROM runs WHERE workspace_id IN ${transaction([...ids])}`;
  await transaction`DELETE FROM pipelines WHERE workspace_id IN ${transaction([...ids])}`;
  await transaction`DELETE FROM workspaces WHERE id IN ${transaction([...ids])}`;
}
