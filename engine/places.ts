import { accessSync, chmodSync, constants, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/** Variables of a process, as `process.env` has them. */
export type Environment = Record<string, string | undefined>;

/** The data folder: `BUILDIT_DATA`, else `~/.buildit/data` (ENGINE 1). */
export function findDataFolder(environment: Environment): string {
  return resolve(environment['BUILDIT_DATA'] || join(homeOf(environment), '.buildit', 'data'));
}

/** What can be made again: `BUILDIT_CACHE`, else `~/.buildit/cache`. */
export function findCacheFolder(environment: Environment): string {
  return resolve(environment['BUILDIT_CACHE'] || join(homeOf(environment), '.buildit', 'cache'));
}

function homeOf(environment: Environment): string {
  return environment['HOME'] || homedir();
}

/** Files of the data folder whose names commands, supervisor and tests agree on. All paths are absolute. */
export interface DataFiles {
  folder: string;
  lock: string;
  engine: string;
  state: string;
  token: string;
  instance: string;
  children: string;
  logs: string;
  temporalPin: string;
}

/** Names what lies in a data folder; touches nothing. */
export function nameDataFiles(dataFolder: string): DataFiles {
  const at = (name: string): string => join(dataFolder, name);
  return {
    folder: dataFolder,
    lock: at('engine.lock'),
    engine: at('engine.json'),
    state: at('engine-state.json'),
    token: at('engine.token'),
    instance: at('instance-id'),
    children: at('engine-children.json'),
    logs: at('logs'),
    temporalPin: at('temporal-version'),
  };
}

/** Makes the data folder (0700) and returns its real path, so that two names of one folder mean one engine. */
export function makeDataFolder(dataFolder: string): string {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
    const folder = realpathSync(dataFolder);
    closeToOthers(folder);
    return folder;
  } catch (error) {
    throw new FaultError({
      code: 'data-folder-unusable',
      message: `The data folder ${dataFolder} cannot be used`,
      cause: error instanceof Error ? error.message : String(error),
      fix: 'give its owner the right to write there, or set BUILDIT_DATA to a folder of your own',
      retry: NO_RETRY,
    });
  }
}

/** A folder that was there before is closed if it is empty or ours; any other, say `/tmp`, keeps its rights. */
function closeToOthers(folder: string): void {
  const stat = statSync(folder);
  if ((stat.mode & 0o077) === 0 || stat.uid !== process.getuid?.()) return;
  const names = readdirSync(folder);
  if (names.length === 0 || names.includes('engine.lock')) chmodSync(folder, 0o700);
}
