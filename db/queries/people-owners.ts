import { isId } from '../id.ts';
import { inOrganizations, type Scoped } from '../scope.ts';

/** An object of an organization, by what a path says of it. */
export interface FoundObject {
  organizationId: string;
  workspaceId: null;
  id: string;
}

/** Objects of organizations that have a name there. */
const NAMED = {
  team: { table: 'teams', name: 'teams.name' },
  role: { table: 'roles', name: 'roles.name' },
  member: { table: 'organization_members', name: 'users.name' },
} as const;

/**
 * By id, by `org/name`, or by the name alone when it is unique among the organizations of the scope. Null when there is
 * none, or several.
 */
export async function findNamedOwner(
  scoped: Scoped,
  kind: keyof typeof NAMED,
  reference: string,
): Promise<FoundObject | null> {
  const { table, name } = NAMED[kind];
  const users = kind === 'member' ? scoped`JOIN users ON users.id = organization_members.user_id` : scoped``;
  const isMeant = isId(reference)
    ? scoped`${scoped(`${table}.id`)} = ${reference}`
    : scoped`(${scoped(name)} = ${reference} OR organizations.name || '/' || ${scoped(name)} = ${reference})`;
  const rows = await scoped<FoundObject[]>`
    SELECT ${scoped(`${table}.id`)}, organizations.id AS organization_id, NULL AS workspace_id
    FROM ${scoped(table)} JOIN organizations ON organizations.id = ${scoped(`${table}.organization_id`)} ${users}
    WHERE ${inOrganizations(scoped, 'organizations.id')} AND ${isMeant} LIMIT 2`;
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

export async function findInvitationOwner(scoped: Scoped, id: string): Promise<FoundObject | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<FoundObject[]>`
    SELECT id, organization_id, NULL AS workspace_id FROM invitations
    WHERE id = ${id} AND ${inOrganizations(scoped)}`;
  return row ?? null;
}
