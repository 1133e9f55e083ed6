import type { Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { RunRow } from '../rows.ts';

/** A run with the names of what it belongs to. */
export interface RunWithNames extends RunRow {
  workspace: string;
  pipelineName: string;
  pipelinePath: string;
}

const LABEL = /^(?:(?<scope>[a-z]+)\/)?(?<number>\d{1,15})(?:\.(?<attempt>\d{1,9}))?$/;

/**
 * The run that a reference means: its id, `local/17`, `17` (its latest attempt), `17.2`, `NAME#17.2`, or `@last`.
 * Null when there is none.
 */
export async function findRun(queryable: Queryable, reference: string): Promise<RunWithNames | null> {
  const id = isId(reference) ? reference : await resolveId(queryable, reference);
  if (!id) return null;
  const [row] = await queryable<RunWithNames[]>`
    SELECT runs.*, organizations.name || '/' || workspaces.name AS workspace, pipelines.name AS pipeline_name,
      pipelines.path AS pipeline_path
    FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE runs.id = ${id}`;
  return row ?? null;
}

async function resolveId(queryable: Queryable, reference: string): Promise<string | null> {
  if (reference === '@last') {
    const [row] = await queryable<{ id: string }[]>`SELECT id FROM runs ORDER BY id DESC LIMIT 1`;
    return row?.id ?? null;
  }
  const hash = reference.lastIndexOf('#');
  const pipeline = hash > 0 ? reference.slice(0, hash) : null;
  const groups = LABEL.exec(reference.slice(hash + 1))?.groups;
  if (!groups?.['number']) return null;
  const [row] = await queryable<{ id: string }[]>`
    SELECT runs.id FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id
    WHERE scope = ${groups['scope'] ?? 'local'} AND number = ${Number(groups['number'])}
      AND (${groups['attempt'] ?? null}::int IS NULL OR attempt = ${groups['attempt'] ?? null}::int)
      AND (${pipeline}::text IS NULL OR pipelines.name = ${pipeline})
    ORDER BY attempt DESC LIMIT 1`;
  return row?.id ?? null;
}
