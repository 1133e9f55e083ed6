import { inOrganizations, inWorkspaces, type Scoped } from '../scope.ts';

/** Of the names, those that a run of the pipeline would find a value for in the store (UI §4.12). */
export async function listStoredSecrets(
  scoped: Scoped,
  pipeline: { id: string | null; workspaceId: string; organizationId: string },
  /** Name of the environment of who asks for them; null for none. */
  environment: string | null,
  names: readonly string[],
): Promise<string[]> {
  const rows = await scoped<{ name: string; disabledAt: string | null }[]>`
    SELECT DISTINCT ON (name) name, disabled_at FROM secrets
    WHERE name IN ${scoped(['', ...names])} AND (environment_id IS NULL OR environment_id IN (
        SELECT id FROM environments WHERE workspace_id = ${pipeline.workspaceId} AND name = ${environment}))
      AND organization_id = ${pipeline.organizationId} AND ${inOrganizations(scoped)}
      AND (workspace_id IS NULL OR (workspace_id = ${pipeline.workspaceId} AND ${inWorkspaces(scoped)}
        AND (pipeline_id IS NULL OR pipeline_id = ${pipeline.id})))
    ORDER BY name, pipeline_id IS NULL, environment_id IS NULL, workspace_id IS NULL`;
  // A disabled one hides those of its name farther away.
  return rows.filter((row) => row.disabledAt === null).map((row) => row.name);
}
