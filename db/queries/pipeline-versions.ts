import type { PipelineVersionRow } from '../rows.ts';
import { inWorkspaces, isAmong, type Scoped } from '../scope.ts';

/** A version without its text, which may be long. */
export type PipelineVersionHead = Omit<PipelineVersionRow, 'text'>;

/** Newest first, before `before`; one more than `limit` when there are more. */
export function listVersions(
  scoped: Scoped,
  pipelineId: string,
  before: number | null,
  limit: number,
): Promise<PipelineVersionHead[]> {
  return scoped<PipelineVersionHead[]>`
    SELECT pipeline_id, workspace_id, version, digest, message, created_by, created_at FROM pipeline_versions
    WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)}
      ${before === null ? scoped`` : scoped`AND version < ${before}`}
    ORDER BY version DESC LIMIT ${limit + 1}`;
}

/** The version that counts now; null for a pipeline whose text is a file. */
export async function findPresentVersion(scoped: Scoped, pipelineId: string): Promise<PipelineVersionRow | null> {
  const [row] = await scoped<PipelineVersionRow[]>`
    SELECT * FROM pipeline_versions
    WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)}
      AND version = (SELECT version FROM pipelines WHERE id = ${pipelineId} AND ${inWorkspaces(scoped)})`;
  return row ?? null;
}

export async function findVersion(
  scoped: Scoped,
  pipelineId: string,
  version: number,
): Promise<PipelineVersionRow | null> {
  const [row] = await scoped<PipelineVersionRow[]>`
    SELECT * FROM pipeline_versions
    WHERE pipeline_id = ${pipelineId} AND version = ${version} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

/** Digests of the texts that count now, by the pipeline's id. */
export async function listPresentDigests(scoped: Scoped, pipelineIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await scoped<{ id: string; digest: string }[]>`
    SELECT pipelines.id, pipeline_versions.digest ${fromPresent(scoped, pipelineIds)}`;
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}

/** The texts that count now, by the pipeline's id. */
export async function listPresentTexts(scoped: Scoped, pipelineIds: readonly string[]): Promise<Map<string, string>> {
  if (pipelineIds.length === 0) return new Map();
  const rows = await scoped<{ id: string; text: string }[]>`
    SELECT pipelines.id, pipeline_versions.text ${fromPresent(scoped, pipelineIds)}`;
  return new Map(rows.map(({ id, text }) => [id, text]));
}

function fromPresent(scoped: Scoped, pipelineIds: readonly string[]) {
  return scoped`
    FROM pipelines JOIN pipeline_versions
      ON pipeline_versions.pipeline_id = pipelines.id AND pipeline_versions.version = pipelines.version
    WHERE ${isAmong(scoped, 'pipelines.id', pipelineIds)} AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}`;
}
