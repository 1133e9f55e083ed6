import { isId } from '../id.ts';
import type { PipelineRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A pipeline with the names of where it belongs. */
export interface PipelineWithNames extends PipelineRow {
  organizationId: string;
  /** `org/ws` */
  workspace: string;
}

/** A pipeline by its id, also one that was deleted never. Null when there is none. */
export async function findPipeline(scoped: Scoped, id: string): Promise<PipelineWithNames | null> {
  const [row] = await scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)} WHERE pipelines.id = ${id} AND ${isThere(scoped)}`;
  return row ?? null;
}

/** The row, locked until the transaction ends. */
export async function lockPipeline(scoped: Scoped, id: string): Promise<PipelineWithNames | null> {
  const [row] = await scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)} WHERE pipelines.id = ${id} AND ${isThere(scoped)} FOR UPDATE OF pipelines`;
  return row ?? null;
}

/** What a reference may mean: one by its id; by a name as many as there are workspaces that have it. */
export async function listReferred(scoped: Scoped, reference: string): Promise<PipelineWithNames[]> {
  if (isId(reference)) {
    const row = await findPipeline(scoped, reference);
    return row ? [row] : [];
  }
  return scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)} WHERE pipelines.name = ${reference} AND ${isNamed(scoped)} AND ${isThere(scoped)}
    ORDER BY workspace`;
}

export function selectPipelines(scoped: Scoped) {
  return scoped`
    SELECT pipelines.*, workspaces.organization_id, organizations.name || '/' || workspaces.name AS workspace
    FROM pipelines JOIN workspaces ON workspaces.id = pipelines.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id`;
}

/** Kept on the server: those alone have a name of their own. */
function isNamed(scoped: Scoped) {
  return scoped`origin IN ('server', 'sample')`;
}

/** By the whole name, or by an end of it: `shop` and `acme/shop` for `github.com/acme/shop`. Never null. */
export function hasRepository(scoped: Scoped, name: string) {
  return scoped`('/' || coalesce(pipelines.repository, '') LIKE '%/' || ${name.replaceAll(/[\\%_]/g, String.raw`\$&`)})`;
}

function isThere(scoped: Scoped) {
  return scoped`pipelines.deleted_at IS NULL AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}`;
}

/** A new pipeline with its first version. Null when the workspace has one of that name. */
export async function insertPipeline(
  scoped: Scoped,
  pipeline: Pick<PipelineRow, 'id' | 'workspaceId' | 'name' | 'description'> & { origin: 'server' | 'sample' },
  text: { text: string; digest: string; message: string; createdBy: string },
): Promise<PipelineWithNames | null> {
  const [row] = await scoped<{ id: string }[]>`
    INSERT INTO pipelines (id, workspace_id, origin, path, name, description, version)
    VALUES (${pipeline.id}, ${pipeline.workspaceId}, ${pipeline.origin}, ${`${pipeline.name}.kdl`}, ${pipeline.name},
      ${pipeline.description}, 1)
    ON CONFLICT (workspace_id, name) WHERE origin IN ('server', 'sample') AND deleted_at IS NULL DO NOTHING
    RETURNING id`;
  if (!row) return null;
  await insertVersion(scoped, { ...text, pipelineId: pipeline.id, workspaceId: pipeline.workspaceId, version: 1 });
  return findPipeline(scoped, pipeline.id);
}

/** Each field that is not null. */
export async function changePipeline(
  scoped: Scoped,
  id: string,
  changes: { description: string | null; enabled: boolean | null; updatedBy: string },
): Promise<void> {
  await scoped`
    UPDATE pipelines SET description = coalesce(${changes.description}, description),
      enabled = coalesce(${changes.enabled}, enabled), revision = revision + 1, updated_at = now(),
      updated_by = ${changes.updatedBy}
    WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}

/** A text becomes the present one, as a version of its own. */
export async function replaceText(
  scoped: Scoped,
  pipeline: Pick<PipelineRow, 'id' | 'workspaceId' | 'version'>,
  text: { text: string; digest: string; message: string; createdBy: string },
): Promise<void> {
  const version = pipeline.version + 1;
  await insertVersion(scoped, { ...text, pipelineId: pipeline.id, workspaceId: pipeline.workspaceId, version });
  await scoped`
    UPDATE pipelines SET version = ${version}, revision = revision + 1, updated_at = now(), updated_by = ${text.createdBy}
    WHERE id = ${pipeline.id} AND ${inWorkspaces(scoped)}`;
}

/** Its runs stay, and those that are open go on; its name is free again. */
export async function deletePipeline(scoped: Scoped, id: string): Promise<void> {
  await scoped`
    UPDATE pipelines SET deleted_at = now(), enabled = false, revision = revision + 1, updated_at = now()
    WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}

async function insertVersion(
  scoped: Scoped,
  version: {
    pipelineId: string;
    workspaceId: string;
    version: number;
    text: string;
    digest: string;
    message: string;
    createdBy: string;
  },
): Promise<void> {
  await scoped`
    INSERT INTO pipeline_versions (pipeline_id, workspace_id, version, text, digest, message, created_by)
    VALUES (${version.pipelineId}, ${version.workspaceId}, ${version.version}, ${version.text}, ${version.digest},
      ${version.message}, ${version.createdBy})`;
}
