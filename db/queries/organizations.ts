import type { Database } from '../client.ts';

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
