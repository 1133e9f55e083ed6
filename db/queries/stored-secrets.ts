import { inOrganizations, inWorkspaces, type Scoped } from '../scope.ts';

/** Of the names, those that a run of the pipeline would find a value for in the store (UI §4.12). */
export async function listStoredSecrets(
  scoped: Scoped,
  pipeline: { id: string; workspaceId: string; organizationId: string },
  names: readonly string[],
): Promise<string[]> {
  const rows = await scoped<{ name: string }[]>`
    SELECT DISTINCT name FROM secrets
    WHERE name IN ${scoped(['', ...names])} AND disabled_at IS NULL AND environment_id IS NULL
      AND organization_id = ${pipeline.organizationId} AND ${inOrganizations(scoped)}
      AND (workspace_id IS NULL OR (workspace_id = ${pipeline.workspaceId} AND ${inWorkspaces(scoped)}
        AND (pipeline_id IS NULL OR pipeline_id = ${pipeline.id})))`;
  return rows.map((row) => row.name);
}
