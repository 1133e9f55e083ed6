import type { EngineEnvironment } from '#core/engine-file.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/** Settings of a worker or an API process. */
export interface Settings {
  /** Folder of objects, snapshots, secrets and process states. */
  dataFolder: string;
  /** Label of what we create in a runtime (ENGINE 17). */
  instanceId: string;
  /** Unix socket the API listens on. */
  socket: string;
  /** File with the bearer token of the socket. */
  tokenFile: string;
  contentVersion: string;
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  /** Small image of our own containers in Docker (ENGINE 18). */
  boxImage: string;
}

const BOX_IMAGE = 'busybox:1.37';

/**
 * The one place that reads the environment. Throws the fault `settings-missing` that names every variable that is
 * absent, not only the first.
 */
export function loadSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const missing: string[] = [];
  const read = (name: keyof EngineEnvironment): string => {
    const value = environment[name];
    if (!value) missing.push(name);
    return value ?? '';
  };
  const settings: Settings = {
    dataFolder: read('BUILDIT_DATA'),
    instanceId: read('BUILDIT_INSTANCE'),
    socket: read('BUILDIT_SOCKET'),
    tokenFile: read('BUILDIT_TOKEN_FILE'),
    contentVersion: read('BUILDIT_CONTENT_VERSION'),
    databaseUrl: read('DATABASE_URL'),
    temporal: { address: read('TEMPORAL_ADDRESS'), namespace: read('TEMPORAL_NAMESPACE') },
    boxImage: environment['BUILDIT_BOX_IMAGE'] || BOX_IMAGE,
  };
  if (missing.length === 0) return settings;
  throw new FaultError({
    code: 'settings-missing',
    message: `the environment lacks ${missing.join(', ')}`,
    fix: 'start the engine with the command; it gives its processes what they need',
    retry: NO_RETRY,
  });
}
