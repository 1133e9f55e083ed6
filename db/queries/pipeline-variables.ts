import { asJson } from '../client.ts';
import type { PipelineVariablesRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Null: none were ever set. */
export async function findVariables(scoped: Scoped, pipelineId: string): Promise<PipelineVariablesRow | null> {
  const [row] = await scoped<PipelineVariablesRow[]>`
    SELECT * FROM pipeline_variables WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

/** All of them at once, as the next version. The pipeline's row is locked by the caller: one change after another. */
export async function replaceVariables(
  scoped: Scoped,
  pipeline: { id: string; workspaceId: string },
  variables: Readonly<Record<string, string>>,
  by: string,
): Promise<void> {
  await scoped`
    INSERT INTO pipeline_variables (pipeline_id, workspace_id, variables, updated_by)
    VALUES (${pipeline.id}, ${pipeline.workspaceId}, ${asJson(scoped, variables)}, ${by})
    ON CONFLICT (pipeline_id) DO UPDATE
    SET variables = excluded.variables, updated_by = excluded.updated_by, updated_at = now(),
      version = pipeline_variables.version + 1`;
}
