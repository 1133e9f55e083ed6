import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The folder whose content a run gets (ENGINE 12): the top of the git work tree that holds
 * the file, else the file's folder, its parent if that is `.buildit`.
 */
export function findSourceRoot(file: string): { root: string; isGit: boolean } {
  const top = findGitTop(dirname(file));
  if (top !== null) return { root: top, isGit: true };
  const folder = dirname(file);
  return { root: basename(folder) === '.buildit' ? dirname(folder) : folder, isGit: false };
}

/** The nearest folder with a `.git` (a folder, or a file in work trees and submodules), or null. */
export function findGitTop(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
