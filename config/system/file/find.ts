import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';

const SYSTEM_WIDE = '/etc/buildit/system.kdl';

/**
 * The system file that counts, with its text: `--config`, `BUILDIT_CONFIG_FILE`, `./system.kdl`, then the one of the
 * machine (LANGUAGE §10). Null when there is none. A file that is named and cannot be read is the fault
 * `file-unreadable`.
 */
export function findSystemFile(options: {
  /** `--config` */
  named: string | null;
  environment: Readonly<Record<string, string | undefined>>;
  folder: string;
}): { path: string; text: string } | null {
  const { named, environment, folder } = options;
  const asked = named ?? (environment['BUILDIT_CONFIG_FILE'] || null);
  if (asked !== null) return read(resolve(folder, asked));
  const found = [join(folder, 'system.kdl'), SYSTEM_WIDE].find((path) => existsSync(path));
  return found === undefined ? null : read(found);
}

function read(path: string): { path: string; text: string } {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new FaultError({
      code: 'file-unreadable',
      message: `${path} cannot be read`,
      cause: error instanceof Error ? error.message : String(error),
      fix: 'check the path and that you may read it',
      retry: NO_RETRY,
    });
  }
}
