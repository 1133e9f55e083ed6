import type { DeathLimit } from './death-count.ts';

/** Where worker and API are started from. A command of another version brings another generation (ENGINE 9). */
export interface Generation {
  /** Node that runs them. */
  execPath: string;
  version: string;
  contentVersion: string;
  /** Absolute paths of the entry files. */
  entries: { worker: string; api: string };
}

/** Argument of the supervisor's process, as JSON. */
export interface SupervisorOptions {
  dataFolder: string;
  generation: Generation;
  /** Rule 7; tests make it short. */
  idleAfterMs: number;
  deathLimit: DeathLimit;
}

/** Reads the argument back; only `start-supervisor.ts` writes it. */
export function parseSupervisorOptions(argument: string | undefined): SupervisorOptions {
  if (argument === undefined) throw new Error('usage: engine/main.ts OPTIONS (started by the buildit command)');
  const parsed: unknown = JSON.parse(argument);
  if (!isOptions(parsed)) throw new Error('engine/main.ts was started with options it does not know');
  return parsed;
}

function isOptions(value: unknown): value is SupervisorOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'dataFolder' in value &&
    'generation' in value &&
    'idleAfterMs' in value &&
    'deathLimit' in value
  );
}

/** Whether a value that came over the control socket names a generation. */
export function isGeneration(value: unknown): value is Generation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'execPath' in value &&
    typeof value.execPath === 'string' &&
    'contentVersion' in value &&
    typeof value.contentVersion === 'string' &&
    'version' in value &&
    'entries' in value
  );
}
