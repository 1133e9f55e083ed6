type Environment = Readonly<Record<string, string | undefined>>;

/** Tells the processes which of their variables a file gave: JSON of name to `FILE:LINE`. */
export const ORIGINS_VARIABLE = 'BUILDIT_SETTING_ORIGINS';

/** Places of the variables that a file gave. */
export function readOrigins(environment: Environment): Readonly<Record<string, string>> {
  const text = environment[ORIGINS_VARIABLE];
  return text ? (JSON.parse(text) as Record<string, string>) : {};
}
