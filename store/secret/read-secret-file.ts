import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode } from '../object/disk-fault.ts';

/** The names and values of a dotenv file. A missing or unreadable one is `secret-file-unreadable`. */
export async function readSecretFile(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new FaultError({
      code: 'secret-file-unreadable',
      message: `The secret file ${path} cannot be read`,
      cause: errorCode(thrown) ?? String(thrown),
      fix: 'Put it back, or give another with --secret-file',
      retry: NO_RETRY,
    });
  });
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) values[name] = value;
  return values;
}
