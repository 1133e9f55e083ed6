import type { Settings } from '#config/system/settings.ts';
import { type Database, openDatabase } from '#db/client.ts';
import { openKeyring } from './keyring.ts';
import { loadMasterKeys } from './master-key.ts';
import { createMoveSecrets, type MoveSecrets } from './move-secrets.ts';
import { openSecretStore } from './open-secret-store.ts';
import { createOutputSealer } from './output-sealer.ts';
import type { OutputSealer, SecretStore } from './port.ts';
import { createTextSealer, type TextSealer } from './text-sealer.ts';

/** What is sealed in the database. */
export interface SecretParts {
  secretStore: SecretStore;
  sealer: TextSealer;
  moveSecrets: MoveSecrets;
}

/** On a pool of the process. The master key is read, or made, with the first secret: most laptops never have one. */
export function openSecretParts(database: Database, settings: Pick<Settings, 'masterKey' | 'engine'>): SecretParts {
  const mayMake = settings.engine === 'embedded';
  const keyring = openKeyring({ database, loadKeys: () => loadMasterKeys(settings.masterKey, { mayMake }) });
  return {
    secretStore: openSecretStore({ database, keyring }),
    sealer: createTextSealer(keyring),
    moveSecrets: createMoveSecrets(keyring),
  };
}

/** For a worker, on a small pool of its own; nothing connects before the first release. */
export function connectSecretStore(settings: Pick<Settings, 'databaseUrl' | 'masterKey' | 'engine'>): {
  secretStore: SecretStore;
  outputs: OutputSealer;
  close(): Promise<void>;
} {
  const database = openDatabase(settings.databaseUrl, { name: 'buildit-secrets', max: 2 });
  const { secretStore, sealer } = openSecretParts(database, settings);
  return { secretStore, outputs: createOutputSealer(database, sealer), close: () => database.end({ timeout: 1 }) };
}
