import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/**
 * Makes a folder of the runtime directory with 0700, or accepts the one that is there if it is ours. In `/tmp` another
 * user may have made it first: whoever owns it could answer in our place, so such a folder is refused.
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  const uid = process.getuid?.() ?? stat.uid;
  if (!stat.isDirectory() || stat.uid !== uid) {
    throw new FaultError({
      code: 'runtime-folder-unsafe',
      message: `${folder} does not belong to this account`,
      cause: stat.isDirectory() ? `it belongs to uid ${stat.uid}` : 'it is not a folder',
      fix: 'have it removed by its owner, or set XDG_RUNTIME_DIR to a folder of your own',
      retry: NO_RETRY,
    });
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
