import { readSecretFile } from '#store/secret/read-secret-file.ts';
import { ProblemError } from '../problem.ts';

/**
 * A run whose secrets are not all there is refused before it begins (ENGINE 15). The file is read here only to know
 * its names; the worker reads it again when a stage starts. Throws 422 `secret-missing`, `secret-file-unreadable`.
 */
export async function requireSecrets(
  names: readonly string[],
  given: { secretFile: string | null; secrets: Record<string, string> },
): Promise<void> {
  if (names.length === 0) return;
  const inFile = given.secretFile === null ? {} : await readSecretFile(given.secretFile);
  const missing = names.filter((name) => !Object.hasOwn(given.secrets, name) && !Object.hasOwn(inFile, name));
  refuseMissing(
    missing,
    'put them in a file and say --secret-file FILE, or set them in the environment of the command',
  );
}

/** Throws 422 `secret-missing` when there is one. */
export function refuseMissing(missing: readonly string[], hint: string): void {
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? 'secret' : 'secrets';
  throw new ProblemError(422, 'secret-missing', `no value for ${noun} ${missing.join(', ')}`, {
    hint,
    errors: missing.map((name) => ({
      pointer: `/secrets/${name}`,
      code: 'secret-missing',
      message: `${name} has no value`,
    })),
  });
}
