import type { Database, Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { SecretAccessRow, SecretRow, SecretVersionRow } from '../rows.ts';
import type { SealedVersion } from './change-secret.ts';

/** What a release depends on: whose run it is, and whether the attempt is still to be served. */
export interface ReleasingRun {
  organizationId: string;
  workspaceId: string;
  pipelineId: string;
  /** Of the stage; null where it names none, or one that is not there. */
  environmentId: string | null;
  startedBy: string;
  isOpen: boolean;
}

/** Null for an unknown run or stage. Open is an attempt without an end in a run without an ending. */
export async function findReleasingRun(
  queryable: Queryable,
  key: { runId: string; stage: string; attempt: number; environment: string | null },
): Promise<ReleasingRun | null> {
  const [row] = await queryable<ReleasingRun[]>`
    SELECT workspaces.organization_id, runs.workspace_id, runs.pipeline_id, runs.started_by,
      environments.id AS environment_id,
      runs.status_kind <> 'ended' AND NOT EXISTS (
        SELECT FROM attempts WHERE attempts.run_id = runs.id AND attempts.stage = ${key.stage}
          AND attempts.attempt = ${key.attempt} AND attempts.ended_at IS NOT NULL) AS is_open
    FROM runs
      JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN stages ON stages.run_id = runs.id AND stages.name = ${key.stage}
      LEFT JOIN environments ON environments.workspace_id = runs.workspace_id AND environments.name = ${key.environment}
    WHERE runs.id = ${key.runId}`;
  return row ?? null;
}

/** Null for an unknown run. */
export async function findOrganizationOfRun(queryable: Queryable, runId: string): Promise<string | null> {
  const [row] = await queryable<{ organizationId: string }[]>`
    SELECT workspaces.organization_id FROM runs JOIN workspaces ON workspaces.id = runs.workspace_id
    WHERE runs.id = ${runId}`;
  return row?.organizationId ?? null;
}

/** Of each name the secret nearest to a place: pipeline, environment, workspace, organization. */
export async function findNearestSecrets(
  queryable: Queryable,
  place: Pick<SecretRow, 'organizationId' | 'workspaceId' | 'environmentId' | 'pipelineId'>,
  names: readonly string[],
): Promise<SecretRow[]> {
  if (names.length === 0) return [];
  // A place that is null equals nothing: then secrets of such places do not hold there.
  return queryable<SecretRow[]>`
    SELECT DISTINCT ON (name) * FROM secrets
    WHERE organization_id = ${place.organizationId}
      AND (workspace_id IS NULL OR workspace_id = ${place.workspaceId})
      AND (environment_id IS NULL OR environment_id = ${place.environmentId})
      AND (pipeline_id IS NULL OR pipeline_id = ${place.pipelineId})
      AND name IN ${queryable([...names])}
    ORDER BY name, pipeline_id IS NULL, environment_id IS NULL, workspace_id IS NULL`;
}

/** By the owner of the tables alone: requests never read a value. */
export async function findSecret(database: Database, id: string): Promise<SecretRow | null> {
  if (!isId(id)) return null;
  const [row] = await database<SecretRow[]>`SELECT * FROM secrets WHERE id = ${id}`;
  return row ?? null;
}

/** A sealed value of a secret. */
export async function findSecretVersion(
  queryable: Queryable,
  secretId: string,
  version: number,
): Promise<SecretVersionRow | null> {
  const [row] = await queryable<SecretVersionRow[]>`
    SELECT * FROM secret_versions WHERE secret_id = ${secretId} AND version = ${version}`;
  return row ?? null;
}

/** Puts another sealing of the same value in place of the one by `from`; nothing if somebody did so before. */
export async function resealSecretVersion(
  queryable: Queryable,
  key: Pick<SecretVersionRow, 'secretId' | 'version'>,
  sealed: SealedVersion,
  from: string,
): Promise<void> {
  await queryable`
    UPDATE secret_versions SET data_key_id = ${sealed.dataKeyId}, iv = ${sealed.iv}, ciphertext = ${sealed.ciphertext},
      tag = ${sealed.tag}
    WHERE secret_id = ${key.secretId} AND version = ${key.version} AND data_key_id = ${from}`;
}

/** Values under keys that seal no more, with their secrets; at most `limit`. */
export async function listOldVersions(
  database: Database,
  limit: number,
): Promise<{ secret: Pick<SecretRow, 'id'>; version: number }[]> {
  const rows = await database<{ secretId: string; version: number }[]>`
    SELECT secret_versions.secret_id, secret_versions.version
    FROM secret_versions JOIN data_keys ON data_keys.id = secret_versions.data_key_id
    WHERE data_keys.retired_at IS NOT NULL ORDER BY 1, 2 LIMIT ${limit}`;
  return rows.map(({ secretId, version }) => ({ secret: { id: secretId }, version }));
}

export type NewSecretAccess = Omit<SecretAccessRow, 'at'>;

/** Who was given a value, and who was refused. */
export async function insertSecretAccesses(queryable: Queryable, accesses: readonly NewSecretAccess[]): Promise<void> {
  const rows = accesses.map((access) => ({
    ...{ id: access.id, organization_id: access.organizationId, workspace_id: access.workspaceId },
    ...{ secret_id: access.secretId, name: access.name, version: access.version, run_id: access.runId },
    ...{ stage: access.stage, attempt: access.attempt, actor: access.actor, verdict: access.verdict },
    code: access.code,
  }));
  if (rows.length > 0) await queryable`INSERT INTO secret_accesses ${queryable(rows)}`;
}
