import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { SealedVersion } from '#db/queries/change-secret.ts';
import type { SecretVersionRow } from '#db/rows.ts';
import type { Keyring } from './keyring.ts';
import type { SecretRecord } from './port.ts';
import { openBytes, sealBytes } from './seal.ts';

/** A secret as far as its values depend on it: what is sealed with them. */
export type SealedSecret = Pick<
  SecretRecord,
  'id' | 'organizationId' | 'workspaceId' | 'environmentId' | 'pipelineId' | 'name'
>;

/** A value under the key of its organization (I29). */
export async function sealVersion(
  keyring: Keyring,
  secret: SealedSecret,
  version: number,
  value: Uint8Array,
): Promise<SealedVersion> {
  const { id, key } = await keyring.use(secret.organizationId);
  return { dataKeyId: id, ...sealBytes(key, value, contextOf(secret, version)) };
}

/** The value again, and whether its key was replaced. Throws the faults `secret-unsealable` and those of the keys. */
export async function openVersion(
  keyring: Keyring,
  secret: SealedSecret,
  row: Pick<SecretVersionRow, 'version' | 'dataKeyId' | 'iv' | 'ciphertext' | 'tag'>,
): Promise<{ value: Buffer; isRetired: boolean }> {
  const { key, isRetired } = await keyring.find(secret.organizationId, row.dataKeyId);
  try {
    return { value: openBytes(key, row, contextOf(secret, row.version)), isRetired };
  } catch {
    throw new FaultError({
      code: 'secret-unsealable',
      message: `The sealed value of the secret ${secret.name} does not open`,
      cause: `version ${row.version} was changed or moved in the database`,
      fix: 'Set the secret again, and look in the audit who could have changed it',
      retry: NO_RETRY,
    });
  }
}

/** What a value is sealed with: a row that is moved to another secret, place or version does not open (I29). */
function contextOf(secret: SealedSecret, version: number): string {
  const { organizationId, workspaceId, environmentId, pipelineId, name } = secret;
  const scope = pipelineId ? `pipeline:${pipelineId}` : environmentId ? `environment:${environmentId}` : '';
  return JSON.stringify(['secret', organizationId, workspaceId ?? '', scope, name, version]);
}
