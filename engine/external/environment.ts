import { randomUUID } from 'node:crypto';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { computeContentVersion } from '../content-version.ts';
import { type Environment, findCacheFolder, findDataFolder, makeDataFolder, nameDataFiles } from '../places.ts';
import { readIfPresent } from '../private-file.ts';

/** What a command says about a server without the embedded engine. */
export interface ExternalChoice {
  environment: Environment;
  /** Null for a worker. */
  listen: { host: string; port: number } | null;
  publicUrl: string | null;
  insecureHttp: boolean;
  /** Of a worker; none is all. */
  queues: readonly string[];
}

/** Folder of this installation. */
export const HOME = dirname(dirname(import.meta.dirname));

/** Entry files of the processes of a server. */
export const ENTRIES = { api: join(HOME, 'api', 'main.ts'), worker: join(HOME, 'temporal', 'main.ts') } as const;

/**
 * Whether Postgres and Temporal are given. Throws `servers-incomplete` when one of the two is: half a server would use
 * the embedded half of another.
 */
export function isExternal(environment: Environment): boolean {
  const given = ['DATABASE_URL', 'TEMPORAL_ADDRESS'].filter((name) => environment[name]);
  if (given.length !== 1) return given.length === 2;
  const [missing] = ['DATABASE_URL', 'TEMPORAL_ADDRESS'].filter((name) => !environment[name]);
  throw new FaultError({
    code: 'servers-incomplete',
    message: `${given[0]} is set, ${missing} is not`,
    fix: `set ${missing} as well, or unset ${given[0]} to use the embedded engine`,
    retry: NO_RETRY,
  });
}

/** The environment of worker and API: the command's own, with what they cannot know. Makes the data folder. */
export async function prepareExternal(choice: ExternalChoice): Promise<Environment> {
  const { environment, listen, publicUrl, insecureHttp, queues } = choice;
  const dataFolder = makeDataFolder(findDataFolder(environment));
  const cacheFolder = findCacheFolder(environment);
  const cacheFile = join(cacheFolder, 'content-version', encodeURIComponent(HOME).slice(-200));
  return {
    ...environment,
    BUILDIT_DATA: dataFolder,
    BUILDIT_INSTANCE: environment['BUILDIT_INSTANCE'] || claimInstanceId(nameDataFiles(dataFolder).instance),
    BUILDIT_CONTENT_VERSION: await computeContentVersion(HOME, cacheFile),
    // An embedded engine's, of a shell that was started by one.
    BUILDIT_SOCKET: undefined,
    BUILDIT_TOKEN_FILE: undefined,
    BUILDIT_LISTEN:
      listen === null ? undefined : `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`,
    ...(publicUrl === null ? {} : { BUILDIT_PUBLIC_URL: publicUrl }),
    ...(insecureHttp ? { BUILDIT_INSECURE_HTTP: 'on' } : {}),
    ...(queues.length === 0 ? {} : { BUILDIT_QUEUES: queues.join(',') }),
  };
}

/** One id for all processes that share the folder: whoever is first makes it, whole or not at all. */
function claimInstanceId(file: string): string {
  const known = readIfPresent(file)?.trim();
  if (known) return known;
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${randomUUID()}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readIfPresent(file)?.trim() ?? '';
}
