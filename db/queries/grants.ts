import type { OrganizationRole, WorkspaceAction } from '#core/permission.ts';
import type { Queryable } from '../client.ts';

/** All that gives a person rights, as rows say it. */
export interface Grants {
  memberships: {
    organizationId: string;
    organization: string;
    role: OrganizationRole;
    /** All of the organization's, for owners and admins; else none. */
    workspaces: { id: string; name: string }[];
  }[];
  /** Their own and those of the teams they are in; who is in a team is in those above it. */
  bindings: {
    organizationId: string;
    organization: string;
    workspaceId: string;
    workspace: string;
    role: string;
    /** Of a role the organization made itself; null for a preset. */
    actions: WorkspaceAction[] | null;
  }[];
  teams: { organizationId: string; name: string }[];
}

/** In one query: it runs for every request of a person. */
export async function readGrants(database: Queryable, userId: string): Promise<Grants> {
  const [row] = await database<Grants[]>`
    WITH RECURSIVE own_teams AS (
      SELECT teams.id, teams.parent_id, teams.organization_id, teams.name
      FROM team_members JOIN teams ON teams.id = team_members.team_id WHERE team_members.user_id = ${userId}
      UNION
      SELECT above.id, above.parent_id, above.organization_id, above.name
      FROM teams above JOIN own_teams ON above.id = own_teams.parent_id
    ), own_bindings AS (
      -- In two halves, each by its index: either of two columns would be a scan of all. OFFSET 0, here and below: the
      -- planner takes people to be in many more teams than they are, and would read the joined table whole.
      SELECT workspace_id, role FROM role_bindings WHERE user_id = ${userId}
      UNION
      SELECT workspace_id, role FROM own_teams CROSS JOIN LATERAL (
        SELECT workspace_id, role FROM role_bindings WHERE team_id = own_teams.id OFFSET 0
      ) AS of_team
    )
    SELECT
      (SELECT coalesce(json_agg(json_build_object('organizationId', organizations.id,
          'organization', organizations.name, 'role', members.role, 'workspaces', (
            SELECT coalesce(json_agg(json_build_object('id', workspaces.id, 'name', workspaces.name)), '[]'::json)
            FROM workspaces
            WHERE workspaces.organization_id = organizations.id AND members.role IN ('owner', 'admin')
          ))), '[]'::json)
        FROM organization_members members JOIN organizations ON organizations.id = members.organization_id
        WHERE members.user_id = ${userId}) AS memberships,
      (SELECT coalesce(json_agg(json_build_object('organizationId', place.organization_id,
          'organization', place.organization, 'workspaceId', bindings.workspace_id, 'workspace', place.workspace,
          'role', bindings.role, 'actions', place.actions)), '[]'::json)
        FROM own_bindings bindings CROSS JOIN LATERAL (
          SELECT organizations.id AS organization_id, organizations.name AS organization, workspaces.name AS workspace,
            roles.actions
          FROM workspaces JOIN organizations ON organizations.id = workspaces.organization_id
            LEFT JOIN roles ON roles.organization_id = organizations.id AND roles.name = bindings.role
          WHERE workspaces.id = bindings.workspace_id OFFSET 0
        ) AS place) AS bindings,
      (SELECT coalesce(json_agg(json_build_object('organizationId', organization_id, 'name', name)), '[]'::json)
        FROM own_teams) AS teams`;
  if (!row) throw new Error('a query without a table answers a row');
  return row;
}
