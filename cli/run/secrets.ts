import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Values of the secrets that are set nowhere but in the environment (ENGINE 11, 15): what
 * the file holds is read by the worker when a stage starts, so it is not sent. A secret
 * that is in neither ends the command before the run, exit 2, with all the names.
 */
export function collectSecrets(
  names: readonly string[],
  secretFile: string | null,
  environment: Environment,
): Record<string, string> {
  const inFile = new Set(secretFile === null ? [] : readNames(secretFile));
  const secrets: Record<string, string> = {};
  const missing: string[] = [];
  for (const name of names) {
    const value = environment[name];
    if (inFile.has(name)) continue;
    if (value === undefined) missing.push(name);
    else secrets[name] = value;
  }
  if (missing.length > 0) throw refuseMissing(missing);
  return secrets;
}

/** Values of these names from the environment, for a retry: what is missing the recorded file may hold. */
export function offerSecrets(
  names: readonly string[],
  secretFile: string | null,
  environment: Environment,
): Record<string, string> {
  const inFile = new Set(secretFile === null ? [] : readNames(secretFile));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined || inFile.has(name) ? [] : [[name, value]];
    }),
  );
}

function readNames(path: string): string[] {
  try {
    return Object.keys(parseEnv(readFileSync(path, 'utf8')));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new CommandError(EXIT.usage, {
      code: 'secret-file-unreadable',
      message: `--secret-file ${path} cannot be read`,
      cause: `open ${code}`,
      fix: 'check the path and that you may read it',
    });
  }
}

function refuseMissing(missing: readonly string[]): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'secret-missing',
    message: `no value for ${missing.length === 1 ? 'the secret' : 'the secrets'} ${missing.join(', ')}`,
    fix: `set ${missing.length === 1 ? 'it' : 'them'} in the environment, or name a file: --secret-file .secrets.env`,
  });
}
