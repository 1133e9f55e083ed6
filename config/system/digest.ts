import { createHash } from 'node:crypto';
import type { Settings } from './settings.ts';
import { VARIABLES, type Variable } from './variables.ts';

/**
 * What distinguishes the settings of one server from another's, by variable: a digest, since some are secret. Variables
 * that whoever starts the process gives, and those of a port, are left out.
 */
export function digestSettings(environment: NodeJS.ProcessEnv): Record<string, string> {
  const set = VARIABLES.flatMap(({ name, ...variable }: Variable) => {
    const value = environment[name];
    return value && variable.part === undefined ? [[name, hash(value)] as const] : [];
  });
  return Object.fromEntries(set);
}

/** Names of the variables in which a process differs from `wanted`. */
export function findDifferentSettings(settings: Settings, wanted: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(settings.digests), ...Object.keys(wanted)]);
  return [...names].filter((name) => settings.digests[name] !== wanted[name]).toSorted();
}

function hash(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
