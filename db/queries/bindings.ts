import type { WorkspaceAction } from '#core/permission.ts';
import type { Queryable, Transaction } from '../client.ts';
import { newestFirst, pageFrom, type Keyset } from './keyset.ts';

/** A role of a person or a team in a workspace. */
export interface BindingRow {
  id: string;
  workspaceId: string;
  workspace: string;
  /** `user:ann` or `team:sre`. */
  principal: string;
  role: string;
  /** Of a role the organization made itself; null for a preset. */
  actions: WorkspaceAction[] | null;
  /** Of a person; null for a team and before the first sign-in. */
  lastSeenAt: string | null;
  createdAt: string;
}

/** Who a binding is for. */
export type BindingHolder = { kind: 'user'; id: string } | { kind: 'team'; id: string };

export async function listBindings(
  queryable: Queryable,
  workspaceId: string,
  from: Keyset | null,
  limit: number,
): Promise<BindingRow[]> {
  const rows = await queryable<BindingRow[]>`
    ${selectBindings(queryable)} WHERE bindings.workspace_id = ${workspaceId}
    ${pageFrom(queryable, 'bindings.id', from, limit)}`;
  return newestFirst(rows, from);
}

export async function findBinding(
  queryable: Queryable,
  workspaceId: string,
  holder: BindingHolder,
): Promise<BindingRow | null> {
  const [row] = await queryable<BindingRow[]>`
    ${selectBindings(queryable)}
    WHERE bindings.workspace_id = ${workspaceId} AND bindings.${queryable(columnOf(holder))} = ${holder.id}`;
  return row ?? null;
}

/** What a team gives to who is in it: its own bindings and those of the teams above. */
export async function listTeamBindings(queryable: Queryable, teamId: string): Promise<BindingRow[]> {
  return queryable<BindingRow[]>`
    WITH RECURSIVE lineage AS (
      SELECT id, parent_id FROM teams WHERE id = ${teamId}
      UNION
      SELECT above.id, above.parent_id FROM teams above JOIN lineage ON above.id = lineage.parent_id
    )
    ${selectBindings(queryable)} WHERE bindings.team_id IN (SELECT id FROM lineage)`;
}

/** Bindings whose role the organization made itself. */
export async function listRoleBindings(
  queryable: Queryable,
  organizationId: string,
  role: string,
): Promise<BindingRow[]> {
  return queryable<BindingRow[]>`
    ${selectBindings(queryable)} WHERE bindings.organization_id = ${organizationId} AND bindings.role = ${role}`;
}

function selectBindings(queryable: Queryable) {
  return queryable`
    SELECT bindings.id, bindings.workspace_id, organizations.name || '/' || workspaces.name AS workspace,
      coalesce('user:' || users.name, 'team:' || teams.name) AS principal, bindings.role, roles.actions,
      users.last_seen_at, bindings.created_at
    FROM role_bindings bindings
    JOIN workspaces ON workspaces.id = bindings.workspace_id
    JOIN organizations ON organizations.id = workspaces.organization_id
    LEFT JOIN users ON users.id = bindings.user_id
    LEFT JOIN teams ON teams.id = bindings.team_id
    LEFT JOIN roles ON roles.organization_id = bindings.organization_id AND roles.name = bindings.role`;
}

/** Sets the one role the holder has in the workspace. */
export async function upsertBinding(
  transaction: Transaction,
  binding: { id: string; organizationId: string; workspaceId: string; holder: BindingHolder; role: string },
): Promise<void> {
  const column = columnOf(binding.holder);
  await transaction`
    INSERT INTO role_bindings (id, organization_id, workspace_id, ${transaction(column)}, role)
    VALUES (${binding.id}, ${binding.organizationId}, ${binding.workspaceId}, ${binding.holder.id}, ${binding.role})
    ON CONFLICT (workspace_id, ${transaction(column)}) DO UPDATE SET role = excluded.role`;
}

export async function deleteBinding(transaction: Transaction, id: string): Promise<void> {
  await transaction`DELETE FROM role_bindings WHERE id = ${id}`;
}

function columnOf(holder: BindingHolder): 'user_id' | 'team_id' {
  return holder.kind === 'user' ? 'user_id' : 'team_id';
}
