import type { ObjectReference } from '#core/attempt.ts';
import type { Database } from '../client.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A run in a chain of runs that started each other. */
export interface ChainedRun {
  pipelineId: string;
  path: string;
  plan: ObjectReference;
  /** The stage of the next run that started it. */
  parentStage: string | null;
}

/** The run, the one that started it, and so on. */
export async function listParents(database: Database, runId: string): Promise<ChainedRun[]> {
  return database<ChainedRun[]>`
    WITH RECURSIVE chain AS (
      SELECT id, parent_run, parent_stage, pipeline_id, plan, 1 AS depth FROM runs WHERE id = ${runId}
      UNION ALL
      SELECT runs.id, runs.parent_run, runs.parent_stage, runs.pipeline_id, runs.plan, chain.depth + 1
      FROM runs JOIN chain ON runs.id = chain.parent_run WHERE chain.depth < 100)
    SELECT chain.pipeline_id, pipelines.path, chain.plan, chain.parent_stage
    FROM chain JOIN pipelines ON pipelines.id = chain.pipeline_id ORDER BY chain.depth`;
}

export interface NamedPipeline {
  id: string;
  name: string;
  version: number;
  text: string;
  enabled: boolean;
  variables: Record<string, string>;
}

/** A pipeline that the server keeps, by its name in a workspace, with its present text. */
export async function findNamedPipeline(
  database: Database,
  workspaceId: string,
  name: string,
): Promise<NamedPipeline | null> {
  const [row] = await database<NamedPipeline[]>`
    SELECT pipelines.id, pipelines.name, pipelines.version, pipelines.enabled, pipeline_versions.text,
      coalesce(pipeline_variables.variables, '{}'::json) AS variables
    FROM pipelines JOIN pipeline_versions
      ON pipeline_versions.pipeline_id = pipelines.id AND pipeline_versions.version = pipelines.version
      LEFT JOIN pipeline_variables ON pipeline_variables.pipeline_id = pipelines.id
    WHERE pipelines.workspace_id = ${workspaceId} AND pipelines.name = ${name} AND pipelines.deleted_at IS NULL`;
  return row ?? null;
}

/** Runs that stages of a run have started, the newest of each. */
export function listChildRuns(scoped: Scoped, runId: string): Promise<{ stage: string; id: string; label: string }[]> {
  return scoped<{ stage: string; id: string; label: string }[]>`
    SELECT DISTINCT ON (parent_stage) parent_stage AS stage, id, label FROM runs
    WHERE parent_run = ${runId} AND ${inWorkspaces(scoped)} ORDER BY parent_stage, created_at DESC`;
}
