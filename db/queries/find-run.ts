import type { Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A run with the names of what it belongs to. */
export interface RunWithNames extends RunRow {
  organizationId: string;
  workspace: string;
  pipelineName: string;
  pipelinePath: string;
}

const LABEL = /^(?:(?<scope>[a-z]+)\/)?(?<number>\d{1,15})(?:\.(?<attempt>\d{1,9}))?$/;

/**
 * The run that a reference means: its id, `local/17`, `17` (its latest attempt), `17.2`, `NAME#17.2`, or `@last`.
 * Null when there is none.
 */
export async function findRun(scoped: Scoped, reference: string): Promise<RunWithNames | null> {
  const id = isId(reference) ? reference : await resolveId(scoped, reference);
  if (!id) return null;
  const [row] = await scoped<RunWithNames[]>`
    ${selectRuns(scoped)} WHERE runs.id = ${id} AND ${inWorkspaces(scoped, 'runs.workspace_id')}`;
  return row ?? null;
}

/** For work of the background, which nobody asks for: a run of any workspace by its id. */
export async function findRunAnywhere(queryable: Queryable, id: string): Promise<RunWithNames | null> {
  const [row] = await queryable<RunWithNames[]>`${selectRuns(queryable)} WHERE runs.id = ${id}`;
  return row ?? null;
}

export function selectRuns(queryable: Queryable) {
  return queryable`
    SELECT runs.*, workspaces.organization_id, organizations.name || '/' || workspaces.name AS workspace,
      pipelines.name AS pipeline_name, pipelines.path AS pipeline_path
    FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id`;
}

async function resolveId(scoped: Scoped, reference: string): Promise<string | null> {
  if (reference === '@last') {
    const [row] = await scoped<{ id: string }[]>`
      SELECT id FROM runs WHERE ${inWorkspaces(scoped)} ORDER BY id DESC LIMIT 1`;
    return row?.id ?? null;
  }
  const hash = reference.lastIndexOf('#');
  const pipeline = hash > 0 ? reference.slice(0, hash) : null;
  const groups = LABEL.exec(reference.slice(hash + 1))?.groups;
  if (!groups?.['number']) return null;
  const [row] = await scoped<{ id: string }[]>`
    SELECT runs.id FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id
    WHERE scope = ${groups['scope'] ?? 'local'} AND number = ${Number(groups['number'])}
      AND (${groups['attempt'] ?? null}::int IS NULL OR attempt = ${groups['attempt'] ?? null}::int)
      AND (${pipeline}::text IS NULL OR pipelines.name = ${pipeline})
      AND ${inWorkspaces(scoped, 'runs.workspace_id')}
    ORDER BY attempt DESC LIMIT 1`;
  return row?.id ?? null;
}
