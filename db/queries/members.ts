import type { OrganizationRole } from '#core/permission.ts';
import type { Queryable, Transaction } from '../client.ts';
import { newestFirst, pageFrom, type Keyset } from './keyset.ts';

/** Somebody in an organization, with all that they are in. */
export interface MemberRow {
  id: string;
  organizationId: string;
  organization: string;
  userId: string;
  name: string;
  displayName: string;
  email: string;
  role: OrganizationRole;
  lastSeenAt: string | null;
  createdAt: string;
  /** Those they are in themselves, not those above. */
  teams: string[];
  /** What is given to themselves, not to their teams. */
  bindings: { workspace: string; role: string }[];
}

export async function listMembers(
  queryable: Queryable,
  organizationId: string,
  from: Keyset | null,
  limit: number,
): Promise<MemberRow[]> {
  const rows = await queryable<MemberRow[]>`
    ${selectMembers(queryable)} WHERE members.organization_id = ${organizationId}
    ${pageFrom(queryable, 'members.id', from, limit)}`;
  return newestFirst(rows, from);
}

export async function findMember(
  queryable: Queryable,
  organizationId: string,
  who: { id: string } | { name: string },
): Promise<MemberRow | null> {
  const isMeant = 'id' in who ? queryable`members.id = ${who.id}` : queryable`users.name = ${who.name}`;
  const [row] = await queryable<MemberRow[]>`
    ${selectMembers(queryable)} WHERE members.organization_id = ${organizationId} AND ${isMeant}`;
  return row ?? null;
}

function selectMembers(queryable: Queryable) {
  return queryable`
    SELECT members.id, members.organization_id, organizations.name AS organization, users.id AS user_id, users.name,
      users.display_name, users.email, members.role, users.last_seen_at, members.created_at,
      (SELECT coalesce(json_agg(teams.name ORDER BY teams.name), '[]'::json)
        FROM team_members JOIN teams ON teams.id = team_members.team_id
        WHERE team_members.user_id = users.id AND teams.organization_id = organizations.id) AS teams,
      (SELECT coalesce(json_agg(json_build_object('workspace', organizations.name || '/' || workspaces.name,
          'role', bindings.role) ORDER BY workspaces.name), '[]'::json)
        FROM role_bindings bindings JOIN workspaces ON workspaces.id = bindings.workspace_id
        WHERE bindings.user_id = users.id AND workspaces.organization_id = organizations.id) AS bindings
    FROM organization_members members
    JOIN organizations ON organizations.id = members.organization_id
    JOIN users ON users.id = members.user_id`;
}

/** Makes somebody a member; one who is keeps the role they have. Answers the role they then have. */
export async function insertMember(
  transaction: Transaction,
  member: { id: string; organizationId: string; userId: string; role: OrganizationRole },
): Promise<OrganizationRole> {
  const [row] = await transaction<{ role: OrganizationRole }[]>`
    INSERT INTO organization_members (id, organization_id, user_id, role)
    VALUES (${member.id}, ${member.organizationId}, ${member.userId}, ${member.role})
    ON CONFLICT (organization_id, user_id) DO UPDATE SET role = organization_members.role
    RETURNING role`;
  if (!row) throw new Error('an upsert of a member answers its row');
  return row.role;
}

export async function setMemberRole(transaction: Transaction, id: string, role: OrganizationRole): Promise<void> {
  await transaction`UPDATE organization_members SET role = ${role} WHERE id = ${id}`;
}

/** Whether somebody who can sign in would still own the organization without this member. */
export async function hasOtherOwner(transaction: Transaction, organizationId: string, id: string): Promise<boolean> {
  const [row] = await transaction<{ found: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM organization_members members JOIN users ON users.id = members.user_id
      WHERE members.organization_id = ${organizationId} AND members.role = 'owner' AND members.id <> ${id}
        AND users.disabled_at IS NULL
    ) AS found`;
  return row?.found ?? false;
}

/** Everything that was given to a member there goes with the membership: roles, teams, tokens. */
export async function deleteMember(
  transaction: Transaction,
  member: Pick<MemberRow, 'id' | 'organizationId' | 'userId'>,
): Promise<{ tokens: string[] }> {
  const { id, organizationId, userId } = member;
  await transaction`DELETE FROM organization_members WHERE id = ${id}`;
  await transaction`DELETE FROM role_bindings WHERE organization_id = ${organizationId} AND user_id = ${userId}`;
  await transaction`
    DELETE FROM team_members USING teams
    WHERE teams.id = team_members.team_id AND teams.organization_id = ${organizationId}
      AND team_members.user_id = ${userId}`;
  const tokens = await transaction<{ name: string }[]>`
    UPDATE api_tokens SET revoked_at = now()
    WHERE organization_id = ${organizationId} AND user_id = ${userId} AND revoked_at IS NULL RETURNING name`;
  return { tokens: tokens.map(({ name }) => name) };
}
