import type { PendingQuery, Row } from 'postgres';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { newestRuns } from './newest-runs.ts';

/** A run with the names of what it belongs to. */
export interface RunWithNames extends RunRow {
  organizationId: string;
  workspace: string;
  pipelineName: string;
  pipelinePath: string;
  pipelineRepository: string | null;
  pipelineDefaultBranch: string | null;
  /** Of the run that started it. */
  parentLabel?: string | null;
  /** Whether its number has a later attempt; one that was just made has none. */
  isOutrun?: boolean;
}

const NUMBER = /^(?<number>\d{1,15})(?:\.(?<attempt>\d{1,9}))?$/;

/**
 * The run that a reference means: its id, `local/17`, `remote/17`, `17` (its latest attempt), `17.2`, `NAME#17.2`, or `@last`.
 * Null when there is none. Throws the fault `reference-ambiguous` for a name that several workspaces have.
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

/** Runs with their names; `from` is the table, or what stands for it as `runs`. */
export function selectRuns(queryable: Queryable, from: PendingQuery<Row[]> = queryable`runs`) {
  return queryable`
    SELECT runs.*, workspaces.organization_id, organizations.name || '/' || workspaces.name AS workspace,
      pipelines.name AS pipeline_name, pipelines.path AS pipeline_path, pipelines.repository AS pipeline_repository,
      pipelines.default_branch AS pipeline_default_branch,
      (SELECT parent.label FROM runs AS parent WHERE parent.id = runs.parent_run) AS parent_label,
      EXISTS (
        SELECT FROM runs AS later
        WHERE later.scope = runs.scope AND later.number = runs.number AND later.attempt > runs.attempt
      ) AS is_outrun
    FROM ${from} JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id`;
}

async function resolveId(scoped: Scoped, reference: string): Promise<string | null> {
  if (reference === '@last') {
    const [row] = await scoped<{ id: string }[]>`
      SELECT id FROM ${newestRuns(scoped, { limit: 1 })}`;
    return row?.id ?? null;
  }
  const hash = reference.lastIndexOf('#');
  const pipeline = hash > 0 ? reference.slice(0, hash) : null;
  const isRemote = reference.startsWith('remote/');
  const number = NUMBER.exec(
    hash > 0 ? reference.slice(hash + 1) : reference.replace(/^(?:local|remote)\//, ''),
  )?.groups;
  if (!number?.['number']) return null;
  const rows = await scoped<{ id: string; workspaceId: string }[]>`
    SELECT id, workspace_id FROM runs
    WHERE scope IN (${pipeline !== null ? selectScopes(scoped, pipeline) : isRemote ? selectRemote(scoped) : scoped`'local'`})
      AND ${hasNumber(scoped, number)} AND ${inWorkspaces(scoped)}
      ${pipeline === null ? scoped`` : scoped`AND pipeline_id IN (SELECT id FROM pipelines WHERE ${isCalled(scoped, pipeline)})`}
    ORDER BY attempt DESC`;
  if (new Set(rows.map((row) => row.workspaceId)).size > 1) throw createAmbiguous(reference);
  return rows[0]?.id ?? null;
}

/** Of a pipeline by its id: `142.2`, or `142` for the last attempt. */
export async function findRunByNumber(scoped: Scoped, pipelineId: string, text: string): Promise<RunWithNames | null> {
  const number = NUMBER.exec(text)?.groups;
  if (!number?.['number']) return null;
  const [row] = await scoped<RunWithNames[]>`
    ${selectRuns(scoped)}
    WHERE runs.pipeline_id = ${pipelineId} AND ${hasNumber(scoped, number)} AND ${inWorkspaces(scoped, 'runs.workspace_id')}
    ORDER BY runs.attempt DESC LIMIT 1`;
  return row ?? null;
}

function hasNumber(scoped: Scoped, { number, attempt }: Record<string, string>) {
  return scoped`number = ${Number(number)} ${attempt === undefined ? scoped`` : scoped`AND attempt = ${Number(attempt)}`}`;
}

/** Where the runs of pipelines of a name have their numbers from. */
function selectScopes(scoped: Scoped, name: string) {
  return scoped`
    SELECT CASE origin WHEN 'local' THEN 'local' WHEN 'remote' THEN 'remote:' || workspace_id ELSE id::text END FROM pipelines WHERE ${isCalled(scoped, name)}`;
}

function selectRemote(scoped: Scoped) {
  return scoped`SELECT 'remote:' || id FROM workspaces WHERE ${inWorkspaces(scoped, 'id')}`;
}

function isCalled(scoped: Scoped, name: string) {
  return scoped`name = ${name} AND deleted_at IS NULL AND ${inWorkspaces(scoped)}`;
}

function createAmbiguous(reference: string): FaultError {
  return new FaultError({
    code: 'reference-ambiguous',
    message: `${reference} is in several workspaces`,
    fix: 'name the workspace, or take the id',
    retry: NO_RETRY,
  });
}
