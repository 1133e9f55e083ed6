import { dirname, join } from 'node:path';
import type { EngineFile } from '#core/engine-file.ts';
import { canConnect } from './connect.ts';
import { computeContentVersion } from './content-version.ts';
import { readEngineFile } from './engine-file.ts';
import { type Environment, findCacheFolder, findDataFolder, nameDataFiles } from './places.ts';
import type { WaitingSupervisor } from './start-supervisor.ts';

/** How a command reaches the engine. */
export interface EngineConnection {
  socket: string;
  token: string;
  file: EngineFile;
  /** Whether it served already, with this version. */
  wasWarm: boolean;
  tookMs: number;
}

/** What a command may ask for. */
export interface EnsureOptions {
  dataFolder?: string;
  /** One line about what takes long: a download, another version that takes over. */
  onProgress?: (line: string) => void;
  /**
   * `own` (default): an engine of another content version gets this command's worker and API. `any`: it is taken as it
   * is. A command that reconnects uses `any`, else two waiting commands of two versions would replace each other for ever.
   */
  version?: 'own' | 'any';
  /** Variables of the command; the engine keeps the few of them it needs. */
  environment: Environment;
  /** Of this data folder; used if it has to be started. */
  supervisor?: WaitingSupervisor | null;
  /** For tests: other entry files, shorter times. */
  overrides?: EngineOverrides;
}

/** What tests set instead of waiting. */
export interface EngineOverrides {
  entries?: { worker: string; api: string };
  contentVersion?: string;
  idleAfterMs?: number;
  deathLimit?: { count: number; withinMs: number };
}

const HOME = dirname(import.meta.dirname);

/**
 * Makes sure that the engine of the data folder serves, with this command's version (ENGINE 3, 8, 9). Warm: two small
 * reads and one connection. Cold: starts it and waits. Throws a FaultError whose code says why it cannot serve
 * (`temporal-missing`, `postgres-major`, `data-too-new`, `engine-gave-up`, …), exit 3.
 */
export async function ensureEngine(options: EnsureOptions): Promise<EngineConnection> {
  const startedAt = performance.now();
  const { environment } = options;
  const dataFolder = options.dataFolder ?? findDataFolder(environment);
  const contentVersion = await readContentVersion(options);
  const file = readEngineFile(nameDataFiles(dataFolder).engine);
  const isCurrent = file !== null && (options.version === 'any' || file.contentVersion === contentVersion);
  if (isCurrent && (await canConnect(file.socket))) return describeConnection(file, true, startedAt);

  const { startOrJoinEngine } = await import('./join-engine.ts');
  const joined = await startOrJoinEngine({ ...options, dataFolder, environment, contentVersion, home: HOME });
  return describeConnection(joined, false, startedAt);
}

/** This installation's content version; see {@link computeContentVersion}. */
async function readContentVersion(options: EnsureOptions): Promise<string> {
  const given = options.overrides?.contentVersion;
  if (given !== undefined) return given;
  return computeContentVersion(
    HOME,
    join(findCacheFolder(options.environment), 'content-version', encodeURIComponent(HOME).slice(-200)),
  );
}

function describeConnection(file: EngineFile, wasWarm: boolean, startedAt: number): EngineConnection {
  return { socket: file.socket, token: file.token, file, wasWarm, tookMs: performance.now() - startedAt };
}
