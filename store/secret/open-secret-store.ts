import { v7 as createId } from 'uuid';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database } from '#db/client.ts';
import { addSecretVersion, deleteSecret, insertSecret, setSecretDisabled } from '#db/queries/change-secret.ts';
import {
  findNearestSecrets,
  findSecret,
  findSecretVersion,
  listOldVersions,
  resealSecretVersion,
} from '#db/queries/release-secrets.ts';
import type { SecretRow } from '#db/rows.ts';
import type { Keyring } from './keyring.ts';
import type { SecretRecord, SecretStore } from './port.ts';
import { releaseSecrets } from './release.ts';
import { openVersion, sealVersion, type SealedSecret } from './seal-version.ts';

const RENEWED_AT_ONCE = 200;

/**
 * The store that comes with BuildIt: values in Postgres, each under the data key of its organization (I29). Reads and
 * opens as the owner of the tables; writes in the transaction of the caller, whose role can add values and not read
 * them.
 */
export function openSecretStore(options: { database: Database; keyring: Keyring }): SecretStore {
  const { database, keyring } = options;

  /** The value of a version, in the clear; seals it anew on the way when its key was replaced. */
  async function open(secret: SealedSecret, version: number): Promise<Buffer | null> {
    const row = await findSecretVersion(database, secret.id, version);
    if (!row) return null;
    const { value, isRetired } = await openVersion(keyring, secret, row);
    if (isRetired) {
      const renewed = await sealVersion(keyring, secret, version, value);
      await resealSecretVersion(database, row, renewed, row.dataKeyId);
    }
    return value;
  }

  return {
    async create({ place, name, value, by }, commit) {
      const secret = { ...place, id: createId(), name, updatedBy: by };
      const sealed = await sealVersion(keyring, secret, 1, Buffer.from(value));
      return commit(async (transaction) => {
        const row = await insertSecret(transaction, secret, sealed);
        if (row) return row;
        throw new FaultError({
          code: 'secret-exists',
          message: `There is a secret ${name} already`,
          fix: 'Give that one a new value',
          retry: NO_RETRY,
        });
      });
    },
    async replace(change, commit) {
      const secret = await findSecret(database, change.id);
      // Sealed is for the next version: of a row that has moved on it would be the wrong one.
      if (secret?.revision !== change.revision) throw createChanged();
      const value = 'value' in change ? Buffer.from(change.value) : await open(secret, change.restoredVersion);
      if (!value) throw createVersionUnknown(secret.name, 'value' in change ? 0 : change.restoredVersion);
      const sealed = await sealVersion(keyring, secret, secret.version + 1, value);
      return commit(async (transaction) => keep(await addSecretVersion(transaction, change, sealed, change.by)));
    },
    setDisabled: (change, commit) =>
      commit(async (transaction) => keep(await setSecretDisabled(transaction, change, change.isDisabled, change.by))),
    remove: (change, commit) => commit(async (transaction) => keep(await deleteSecret(transaction, change))),
    find: (place, names) => findNearestSecrets(database, place, names),
    release: (request) => releaseSecrets(database, request, open),
    async renewKeys() {
      await keyring.rewrap();
      for (;;) {
        const old = await listOldVersions(database, RENEWED_AT_ONCE);
        for (const { secret, version } of old) {
          const row = await findSecret(database, secret.id);
          if (row) await open(row, version);
        }
        if (old.length < RENEWED_AT_ONCE) return;
      }
    },
  };
}

function keep(row: SecretRow | null): SecretRecord {
  if (row) return row;
  throw createChanged();
}

function createChanged(): FaultError {
  return new FaultError({
    code: 'secret-changed',
    message: 'The secret was changed or deleted meanwhile',
    fix: 'Look at it again, then repeat the change',
    retry: NO_RETRY,
  });
}

function createVersionUnknown(name: string, version: number): FaultError {
  return new FaultError({
    code: 'secret-version-unknown',
    message: `The secret ${name} has no version ${version}`,
    fix: 'Take one of its versions',
    retry: NO_RETRY,
  });
}
