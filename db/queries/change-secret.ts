import type { Queryable } from '../client.ts';
import type { SecretRow, SecretVersionRow } from '../rows.ts';

/** A sealed value, as a row takes it. */
export type SealedVersion = Pick<SecretVersionRow, 'dataKeyId' | 'iv' | 'ciphertext' | 'tag'>;

type NewSecret = Pick<
  SecretRow,
  'id' | 'organizationId' | 'workspaceId' | 'environmentId' | 'pipelineId' | 'name' | 'updatedBy'
>;

/** A secret with version 1; null when the place has one of that name. */
export async function insertSecret(
  queryable: Queryable,
  secret: NewSecret,
  sealed: SealedVersion,
): Promise<SecretRow | null> {
  const [row] = await queryable<SecretRow[]>`
    INSERT INTO secrets (id, organization_id, workspace_id, environment_id, pipeline_id, name, version, updated_by)
    VALUES (${secret.id}, ${secret.organizationId}, ${secret.workspaceId}, ${secret.environmentId},
      ${secret.pipelineId}, ${secret.name}, 1, ${secret.updatedBy})
    ON CONFLICT DO NOTHING RETURNING *`;
  if (!row) return null;
  await insertVersion(queryable, row, sealed);
  return row;
}

/** The next version's value; null when the secret is gone or its revision is another than `from.revision`. */
export async function addSecretVersion(
  queryable: Queryable,
  from: Pick<SecretRow, 'id' | 'revision'>,
  sealed: SealedVersion,
  by: string,
): Promise<SecretRow | null> {
  const [row] = await queryable<SecretRow[]>`
    UPDATE secrets SET version = version + 1, revision = revision + 1, updated_by = ${by}, updated_at = now()
    WHERE id = ${from.id} AND revision = ${from.revision} RETURNING *`;
  if (!row) return null;
  await insertVersion(queryable, row, sealed);
  return row;
}

async function insertVersion(queryable: Queryable, secret: SecretRow, sealed: SealedVersion): Promise<void> {
  await queryable`
    INSERT INTO secret_versions
      (secret_id, organization_id, workspace_id, version, data_key_id, iv, ciphertext, tag, created_by)
    VALUES (${secret.id}, ${secret.organizationId}, ${secret.workspaceId}, ${secret.version}, ${sealed.dataKeyId},
      ${sealed.iv}, ${sealed.ciphertext}, ${sealed.tag}, ${secret.updatedBy})`;
}

/** Null as with {@link addSecretVersion}. */
export async function setSecretDisabled(
  queryable: Queryable,
  from: Pick<SecretRow, 'id' | 'revision'>,
  isDisabled: boolean,
  by: string,
): Promise<SecretRow | null> {
  const [row] = await queryable<SecretRow[]>`
    UPDATE secrets SET revision = revision + 1, updated_by = ${by}, updated_at = now(),
      disabled_at = CASE WHEN ${isDisabled} THEN coalesce(disabled_at, now()) END
    WHERE id = ${from.id} AND revision = ${from.revision} RETURNING *`;
  return row ?? null;
}

/** After how many days the secret wants another value. Null as with {@link addSecretVersion}. */
export async function setSecretRotation(
  queryable: Queryable,
  from: Pick<SecretRow, 'id' | 'revision'>,
  days: number | null,
  by: string,
): Promise<SecretRow | null> {
  const [row] = await queryable<SecretRow[]>`
    UPDATE secrets SET revision = revision + 1, updated_by = ${by}, updated_at = now(), rotate_days = ${days}
    WHERE id = ${from.id} AND revision = ${from.revision} RETURNING *`;
  return row ?? null;
}

/** Null as with {@link addSecretVersion}. */
export async function deleteSecret(
  queryable: Queryable,
  from: Pick<SecretRow, 'id' | 'revision'>,
): Promise<SecretRow | null> {
  const [row] = await queryable<SecretRow[]>`
    DELETE FROM secrets WHERE id = ${from.id} AND revision = ${from.revision} RETURNING *`;
  return row ?? null;
}
