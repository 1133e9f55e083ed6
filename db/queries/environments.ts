import type { EnvironmentLock } from '#core/rest-environments.ts';
import { asJson } from '../client.ts';
import { isId } from '../id.ts';
import type { EnvironmentRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** An environment with the names of where it belongs. */
export interface EnvironmentWithNames extends EnvironmentRow {
  organizationId: string;
  /** `org/ws` */
  workspace: string;
}

/** In the order in which people look at them; a workspace has a few. */
export function listEnvironments(
  scoped: Scoped,
  filter: { workspace: string | null; name: string | null },
  limit: number,
): Promise<EnvironmentWithNames[]> {
  return scoped<EnvironmentWithNames[]>`
    ${selectEnvironments(scoped)}
      ${filter.workspace === null ? scoped`` : scoped`AND organizations.name || '/' || workspaces.name = ${filter.workspace}`}
      ${filter.name === null ? scoped`` : scoped`AND strpos(lower(environments.name), lower(${filter.name})) > 0`}
    ORDER BY workspace, position, environments.name LIMIT ${limit}`;
}

/** What a reference may mean: one by its id; by a name as many as there are workspaces that have it. */
export function listReferredEnvironments(scoped: Scoped, reference: string): Promise<EnvironmentWithNames[]> {
  return scoped<EnvironmentWithNames[]>`
    ${selectEnvironments(scoped)}
      AND ${isId(reference) ? scoped`environments.id = ${reference}` : scoped`environments.name = ${reference}`}
    ORDER BY workspace`;
}

/** The row, locked until the transaction ends. */
export async function lockEnvironmentRow(scoped: Scoped, id: string): Promise<EnvironmentWithNames | null> {
  const [row] = await scoped<EnvironmentWithNames[]>`
    ${selectEnvironments(scoped)} AND environments.id = ${id} FOR UPDATE OF environments`;
  return row ?? null;
}

function selectEnvironments(scoped: Scoped) {
  return scoped`
    SELECT environments.*, workspaces.organization_id, organizations.name || '/' || workspaces.name AS workspace
    FROM environments JOIN workspaces ON workspaces.id = environments.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE ${inWorkspaces(scoped, 'environments.workspace_id')}`;
}

/** False when the workspace has one of that name. */
export async function insertEnvironment(
  scoped: Scoped,
  row: Pick<EnvironmentRow, 'id' | 'workspaceId' | 'name' | 'description' | 'position'>,
): Promise<boolean> {
  const made = await scoped`
    INSERT INTO environments (id, workspace_id, name, description, position)
    VALUES (${row.id}, ${row.workspaceId}, ${row.name}, ${row.description}, ${row.position})
    ON CONFLICT (workspace_id, name) DO NOTHING RETURNING id`;
  return made.length > 0;
}

/** Writes what people may change of it, as a whole. */
export async function changeEnvironment(
  scoped: Scoped,
  id: string,
  row: { description: string; position: number; lock: EnvironmentLock | null },
): Promise<void> {
  await scoped`
    UPDATE environments SET description = ${row.description}, position = ${row.position},
      lock = ${asJson(scoped, row.lock)}, version = version + 1
    WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}

export async function deleteEnvironment(scoped: Scoped, id: string): Promise<void> {
  await scoped`DELETE FROM environments WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}
