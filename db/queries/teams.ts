import type { Queryable, Transaction } from '../client.ts';
import { newestFirst, pageFrom, type Keyset } from './keyset.ts';

export interface TeamRow {
  id: string;
  organizationId: string;
  organization: string;
  name: string;
  parentId: string | null;
  parent: string | null;
  version: number;
  createdAt: string;
  /** Names of who is in it directly. */
  members: string[];
  bindings: { workspace: string; role: string }[];
  /** How many teams are part of it directly. */
  children: number;
}

export async function listTeams(
  queryable: Queryable,
  organizationId: string,
  from: Keyset | null,
  limit: number,
): Promise<TeamRow[]> {
  const rows = await queryable<TeamRow[]>`
    ${selectTeams(queryable)} WHERE teams.organization_id = ${organizationId}
    ${pageFrom(queryable, 'teams.id', from, limit)}`;
  return newestFirst(rows, from);
}

export async function findTeam(
  queryable: Queryable,
  organizationId: string,
  which: { id: string } | { name: string },
): Promise<TeamRow | null> {
  const isMeant = 'id' in which ? queryable`teams.id = ${which.id}` : queryable`teams.name = ${which.name}`;
  const [row] = await queryable<TeamRow[]>`
    ${selectTeams(queryable)} WHERE teams.organization_id = ${organizationId} AND ${isMeant}`;
  return row ?? null;
}

function selectTeams(queryable: Queryable) {
  return queryable`
    SELECT teams.id, teams.organization_id, organizations.name AS organization, teams.name, teams.parent_id,
      parents.name AS parent, teams.version, teams.created_at,
      (SELECT coalesce(json_agg(users.name ORDER BY users.name), '[]'::json)
        FROM team_members JOIN users ON users.id = team_members.user_id
        WHERE team_members.team_id = teams.id) AS members,
      (SELECT coalesce(json_agg(json_build_object('workspace', organizations.name || '/' || workspaces.name,
          'role', bindings.role) ORDER BY workspaces.name), '[]'::json)
        FROM role_bindings bindings JOIN workspaces ON workspaces.id = bindings.workspace_id
        WHERE bindings.team_id = teams.id) AS bindings,
      (SELECT count(*)::int FROM teams children WHERE children.parent_id = teams.id) AS children
    FROM teams
    JOIN organizations ON organizations.id = teams.organization_id
    LEFT JOIN teams parents ON parents.id = teams.parent_id`;
}

/** False when the name is taken. */
export async function insertTeam(
  transaction: Transaction,
  team: Pick<TeamRow, 'id' | 'organizationId' | 'name' | 'parentId'>,
): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO teams (id, organization_id, name, parent_id)
    VALUES (${team.id}, ${team.organizationId}, ${team.name}, ${team.parentId})
    ON CONFLICT DO NOTHING RETURNING id`;
  return rows.length === 1;
}

export async function changeTeam(
  transaction: Transaction,
  team: Pick<TeamRow, 'id' | 'name' | 'parentId'>,
): Promise<void> {
  await transaction`
    UPDATE teams SET name = ${team.name}, parent_id = ${team.parentId}, version = version + 1 WHERE id = ${team.id}`;
}

export async function deleteTeam(transaction: Transaction, id: string): Promise<void> {
  await transaction`DELETE FROM teams WHERE id = ${id}`;
}

/** Ids from a team up to the top, itself first. */
export async function listLineage(queryable: Queryable, teamId: string): Promise<string[]> {
  const rows = await queryable<{ id: string }[]>`
    WITH RECURSIVE lineage AS (
      SELECT id, parent_id, 1 AS depth FROM teams WHERE id = ${teamId}
      UNION ALL
      SELECT above.id, above.parent_id, lineage.depth + 1
      FROM teams above JOIN lineage ON above.id = lineage.parent_id
    )
    SELECT id FROM lineage ORDER BY depth`;
  return rows.map(({ id }) => id);
}

/** Levels of teams from this one down: 1 without teams below. */
export async function measureHeight(queryable: Queryable, teamId: string): Promise<number> {
  const [row] = await queryable<{ height: number }[]>`
    WITH RECURSIVE below AS (
      SELECT id, 1 AS depth FROM teams WHERE id = ${teamId}
      UNION ALL
      SELECT teams.id, below.depth + 1 FROM teams JOIN below ON teams.parent_id = below.id
    )
    SELECT max(depth) AS height FROM below`;
  return row?.height ?? 0;
}

/** False when they were in it already. */
export async function insertTeamMember(transaction: Transaction, teamId: string, userId: string): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO team_members (team_id, user_id) VALUES (${teamId}, ${userId}) ON CONFLICT DO NOTHING RETURNING team_id`;
  return rows.length === 1;
}

/** False when they were not in it. */
export async function deleteTeamMember(transaction: Transaction, teamId: string, userId: string): Promise<boolean> {
  const rows = await transaction`
    DELETE FROM team_members WHERE team_id = ${teamId} AND user_id = ${userId} RETURNING team_id`;
  return rows.length === 1;
}
