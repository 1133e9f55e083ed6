import { asJson, type Transaction } from '../client.ts';
import type { SecretRow, SecretVersionRow, WebhookRow } from '../rows.ts';
import type { SealedVersion } from './change-secret.ts';

/** A workspace on its way to another organization; its row is locked. */
export interface WorkspaceMove {
  workspaceId: string;
  to: string;
  /** Who moves it. */
  by: string;
}

/**
 * Puts the workspace into the organization, with its secrets by name and who was given them; its values are sealed for the
 * old one still. False when the name is taken there.
 */
export async function moveWorkspace(
  transaction: Transaction,
  { workspaceId, to, by }: WorkspaceMove,
): Promise<boolean> {
  const rows = await transaction`
    UPDATE workspaces SET organization_id = ${to}, updated_by = ${by}, version = version + 1
    WHERE id = ${workspaceId} AND NOT EXISTS (
      SELECT FROM workspaces other WHERE other.organization_id = ${to} AND other.name = workspaces.name
    ) RETURNING id`;
  if (rows.length === 0) return false;
  // Who is about to change one has sealed for the old organization: another revision refuses that.
  await transaction`UPDATE secrets SET revision = revision + 1 WHERE workspace_id = ${workspaceId}`;
  await transaction`UPDATE secret_versions SET organization_id = ${to} WHERE workspace_id = ${workspaceId}`;
  await transaction`UPDATE secret_accesses SET organization_id = ${to} WHERE workspace_id = ${workspaceId}`;
  return true;
}

/** Takes away what the old organization gave: roles of its people and teams, and tokens. Answers how many of each. */
export async function endAccess(
  transaction: Transaction,
  workspaceId: string,
): Promise<{ roles: number; tokens: number }> {
  const roles = await transaction`DELETE FROM role_bindings WHERE workspace_id = ${workspaceId}`;
  const tokens = await transaction`
    UPDATE api_tokens SET revoked_at = now() WHERE workspace_id = ${workspaceId} AND revoked_at IS NULL`;
  return { roles: roles.count, tokens: tokens.count };
}

type MovedSecret = Pick<SecretRow, 'id' | 'workspaceId' | 'environmentId' | 'pipelineId' | 'name'>;
type MovedVersion = Pick<SecretVersionRow, 'version' | 'dataKeyId' | 'iv' | 'ciphertext' | 'tag'>;

/** Every sealed value of a workspace with its secret, locked. */
export async function lockSecretVersions(
  transaction: Transaction,
  workspaceId: string,
): Promise<(MovedSecret & { sealed: MovedVersion })[]> {
  const rows = await transaction<(MovedSecret & MovedVersion)[]>`
    SELECT secrets.id, secrets.workspace_id, secrets.environment_id, secrets.pipeline_id, secrets.name,
      versions.version, versions.data_key_id, versions.iv, versions.ciphertext, versions.tag
    FROM secrets JOIN secret_versions AS versions ON versions.secret_id = secrets.id
    WHERE secrets.workspace_id = ${workspaceId} ORDER BY secrets.id, versions.version FOR UPDATE`;
  return rows.map(({ version, dataKeyId, iv, ciphertext, tag, ...secret }) => ({
    ...secret,
    sealed: { version, dataKeyId, iv, ciphertext, tag },
  }));
}

/** Puts another sealing in place of that of a version. */
export async function putSealedVersion(
  transaction: Transaction,
  key: { secretId: string; version: number },
  sealed: SealedVersion,
): Promise<void> {
  await transaction`
    UPDATE secret_versions SET data_key_id = ${sealed.dataKeyId}, iv = ${sealed.iv}, ciphertext = ${sealed.ciphertext},
      tag = ${sealed.tag}
    WHERE secret_id = ${key.secretId} AND version = ${key.version}`;
}

/** The webhooks of a workspace, with their sealed keys, locked. */
export async function lockWebhooksOf(
  transaction: Transaction,
  workspaceId: string,
): Promise<Pick<WebhookRow, 'id' | 'signingKey'>[]> {
  return transaction<Pick<WebhookRow, 'id' | 'signingKey'>[]>`
    SELECT id, signing_key FROM webhooks WHERE workspace_id = ${workspaceId} ORDER BY id FOR UPDATE`;
}

export async function putSigningKey(
  transaction: Transaction,
  id: string,
  signingKey: WebhookRow['signingKey'],
): Promise<void> {
  await transaction`UPDATE webhooks SET signing_key = ${asJson(transaction, signingKey)} WHERE id = ${id}`;
}
