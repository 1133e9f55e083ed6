import { isId } from '../id.ts';
import type { SecretAccessRow, SecretRow, SecretVersionRow } from '../rows.ts';
import { inOrganizations, inWorkspaces, type Scoped } from '../scope.ts';

/** A secret with the names of where it holds, and its newest release. */
export interface SecretWithNames extends SecretRow {
  organization: string;
  /** `org/ws`; null for one of the organization. */
  workspace: string | null;
  environment: string | null;
  pipeline: string | null;
  /** Of the present value. */
  setAt: string;
  setBy: string;
  lastAt: string | null;
  lastRun: string | null;
  lastStage: string | null;
}

/** Null when there is none in the scope. */
export async function findNamedSecret(scoped: Scoped, id: string): Promise<SecretWithNames | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<
    SecretWithNames[]
  >`${selectSecrets(scoped)} WHERE secrets.id = ${id} AND ${isThere(scoped)}`;
  return row ?? null;
}

/** Which secrets of those that hold somewhere in a workspace. Null is no limit. */
export interface SecretFilter {
  workspaceId: string;
  /** Exact. */
  name: string | null;
}

/** Newest first, one more than `limit` when there are more in the direction asked for; those of the organization too. */
export async function listSecrets(
  scoped: Scoped,
  filter: SecretFilter,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<SecretWithNames[]> {
  const isBackward = from?.direction === 'newer';
  const none = scoped``;
  const rows = await scoped<SecretWithNames[]>`
    ${selectSecrets(scoped)}
    WHERE ${isThere(scoped)}
      AND secrets.organization_id = (SELECT organization_id FROM workspaces WHERE id = ${filter.workspaceId})
      AND (secrets.workspace_id IS NULL OR secrets.workspace_id = ${filter.workspaceId})
      ${filter.name === null ? none : scoped`AND secrets.name = ${filter.name}`}
      ${from === null ? none : isBackward ? scoped`AND secrets.id > ${from.id}` : scoped`AND secrets.id < ${from.id}`}
    ORDER BY secrets.id ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

function selectSecrets(scoped: Scoped) {
  return scoped`
    SELECT secrets.*, organizations.name AS organization, environments.name AS environment, pipelines.name AS pipeline,
      organizations.name || '/' || workspaces.name AS workspace,
      present.created_at AS set_at, present.created_by AS set_by,
      last.at AS last_at, last.stage AS last_stage, last.label AS last_run
    FROM secrets
      JOIN secret_versions AS present ON present.secret_id = secrets.id AND present.version = secrets.version
      JOIN organizations ON organizations.id = secrets.organization_id
      LEFT JOIN workspaces ON workspaces.id = secrets.workspace_id
      LEFT JOIN environments ON environments.id = secrets.environment_id
      LEFT JOIN pipelines ON pipelines.id = secrets.pipeline_id
      LEFT JOIN LATERAL (
        SELECT secret_accesses.at, secret_accesses.stage, runs.label
        FROM secret_accesses LEFT JOIN runs ON runs.id = secret_accesses.run_id
        WHERE secret_accesses.secret_id = secrets.id AND secret_accesses.verdict = 'released'
        ORDER BY secret_accesses.id DESC LIMIT 1
      ) AS last ON true`;
}

function isThere(scoped: Scoped) {
  return scoped`${inOrganizations(scoped, 'secrets.organization_id')}
    AND (secrets.workspace_id IS NULL OR ${inWorkspaces(scoped, 'secrets.workspace_id')})`;
}

export type SecretVersionFacts = Pick<SecretVersionRow, 'version' | 'createdBy' | 'createdAt'>;

/** Newest first; without what is sealed, which no request may read. */
export async function listSecretVersions(scoped: Scoped, secretId: string): Promise<SecretVersionFacts[]> {
  return scoped<SecretVersionFacts[]>`
    SELECT version, created_by, created_at FROM secret_versions
    WHERE secret_id = ${secretId} AND ${inOrganizations(scoped)} ORDER BY version DESC`;
}

export type SecretAccessFacts = SecretAccessRow & { label: string | null };

/** Releases and refusals of one secret in the scope, newest first, one more than `limit`. */
export async function listSecretAccesses(
  scoped: Scoped,
  secretId: string,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<SecretAccessFacts[]> {
  const isBackward = from?.direction === 'newer';
  const none = scoped``;
  const rows = await scoped<SecretAccessFacts[]>`
    SELECT secret_accesses.*, runs.label
    FROM secret_accesses LEFT JOIN runs ON runs.id = secret_accesses.run_id
    WHERE secret_accesses.secret_id = ${secretId} AND ${inWorkspaces(scoped, 'secret_accesses.workspace_id')}
      ${from === null ? none : isBackward ? scoped`AND secret_accesses.id > ${from.id}` : scoped`AND secret_accesses.id < ${from.id}`}
    ORDER BY secret_accesses.id ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

/** Of an environment of a workspace by its name. */
export async function findEnvironmentId(scoped: Scoped, workspaceId: string, name: string): Promise<string | null> {
  const [row] = await scoped<{ id: string }[]>`
    SELECT id FROM environments
    WHERE workspace_id = ${workspaceId} AND name = ${name} AND ${inWorkspaces(scoped)}`;
  return row?.id ?? null;
}
