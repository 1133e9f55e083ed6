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

/** What the supervisor's process reads from its input, as JSON. */
export interface SupervisorOptions {
  dataFolder: string;
  generation: Generation;
  /** Rule 7; tests make it short. */
  idleAfterMs: number;
  deathLimit: DeathLimit;
}

/** Reads it back; only `start-supervisor.ts` writes it. */
export function parseSupervisorOptions(text: string): SupervisorOptions {
  const parsed: unknown = JSON.parse(text);
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
