import { ORIGINS_VARIABLE } from '../origins.ts';
import type { SystemFile } from './read.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with what the file says; a variable that is set goes before it. */
export function applySystemFile(environment: Environment, { file, settings }: SystemFile): Environment {
  const given = settings.filter(({ variable }) => !environment[variable]);
  const origins = Object.fromEntries(given.map(({ variable, line }) => [variable, `${file}:${line}`]));
  return {
    ...environment,
    ...Object.fromEntries(given.map(({ variable, value }) => [variable, value])),
    ...(given.length === 0 ? {} : { [ORIGINS_VARIABLE]: JSON.stringify(origins) }),
  };
}
