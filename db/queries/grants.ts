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
      (SELECT coalesce(json_agg(json_build_object('organizationId', organizations.id,
          'organization', organizations.name, 'workspaceId', workspaces.id, 'workspace', workspaces.name,
          'role', bindings.role, 'actions', roles.actions)), '[]'::json)
        FROM role_bindings bindings JOIN workspaces ON workspaces.id = bindings.workspace_id
          JOIN organizations ON organizations.id = workspaces.organization_id
          LEFT JOIN roles ON roles.organization_id = organizations.id AND roles.name = bindings.role
        WHERE bindings.user_id = ${userId} OR bindings.team_id IN (SELECT id FROM own_teams)) AS bindings,
      (SELECT coalesce(json_agg(json_build_object('organizationId', organization_id, 'name', name)), '[]'::json)
        FROM own_teams) AS teams`;
  if (!row) throw new Error('a query without a table answers a row');
  return row;
}
