import { statSync } from 'node:fs';

/** Whether the data folder is still the one that this engine locked. */
export interface FolderWatch {
  isOurs(): boolean;
  stop(): void;
}

/**
 * Notices when somebody removed the data folder: an engine over files that nobody can name any more would live on beside
 * the next one. Looks at the lock file's inode and never opens it (see `lock.ts`).
 */
export function watchFolder(lockFile: string, everyMs: number, onLost: () => void): FolderWatch {
  const inode = readInode(lockFile);
  const isOurs = (): boolean => readInode(lockFile) === inode;
  const timer = setInterval(() => {
    if (isOurs()) return;
    clearInterval(timer);
    onLost();
  }, everyMs);
  return { isOurs, stop: () => clearInterval(timer) };
}

function readInode(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
