import type { Transaction } from '#db/client.ts';
import { lockSecretVersions, putSealedVersion, type WorkspaceMove } from '#db/queries/move-workspace.ts';
import type { Keyring } from './keyring.ts';
import { openVersion, sealVersion } from './seal-version.ts';

/**
 * Seals the values of a workspace anew, under the key of the organization it has gone to, in the transaction that moves
 * it. Throws the faults `secret-unsealable` and those of the master key: then the workspace stays where it is.
 */
export type MoveSecrets = (transaction: Transaction, move: WorkspaceMove & { from: string }) => Promise<void>;

/** On the keys of the process. */
export function createMoveSecrets(keyring: Keyring): MoveSecrets {
  return async (transaction, { workspaceId, from, to }) => {
    for (const { sealed, ...secret } of await lockSecretVersions(transaction, workspaceId)) {
      const { version } = sealed;
      const { value } = await openVersion(keyring, { ...secret, organizationId: from }, sealed);
      const resealed = await sealVersion(keyring, { ...secret, organizationId: to }, version, value);
      await putSealedVersion(transaction, { secretId: secret.id, version }, resealed);
    }
  };
}
