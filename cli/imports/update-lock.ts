import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  COPIES,
  type Lock,
  LOCK_NAME,
  type LockedLibrary,
  parseLock,
  printLock,
} from '#config/pipeline/reuse/lock-file.ts';
import { createFolderTree } from '#config/pipeline/reuse/read-folder.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { PipelineFile } from '../file/locate.ts';
import { fetchLibrary, type GitLibrary } from './git-library.ts';
import { readLibraryUrl } from './library-url.ts';
import { listWanted, type Wanted } from './wanted.ts';

/** What was done for the libraries that pipeline files import. */
export interface Updated {
  /** How many files of libraries are imported. */
  files: number;
  /** Paths from the top of the repository that were written. */
  written: string[];
}

interface Place {
  /** Top of the repository. */
  root: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Fetches what the files import from other repositories: copies below `.buildit/imports`, and what they must be in
 * buildit.lock. A library that is locked keeps its commit, whatever its ref names by now. Throws exit 2.
 */
export async function updateLock({ root, environment }: Place, files: readonly PipelineFile[]): Promise<Updated> {
  const before = readLock(root);
  const lock: Lock = {};
  const fetched = new Map<string, GitLibrary>();
  const written: string[] = [];
  const named = files.map(({ path, text }) => ({ name: path, text }));
  const listNow = () => listWanted(named, createFolderTree({ root, base: root, main: '' }), lock);
  try {
    // Each round brings to light what the files of the last one import.
    for (let wanted = listNow(), last = -1; wanted.length > last; wanted = listNow()) {
      last = wanted.length;
      for (const one of wanted) {
        const key = `${one.library}@${one.ref}`;
        const known = lock[key]?.files[one.path];
        if (known !== undefined) continue;
        const { commit, text } = await readWanted(one, before[key] ?? null);
        const path = join(COPIES, one.library, commit, one.path);
        const digest = createHash('sha256').update(text).digest('hex');
        const url = before[key]?.url ?? readLibraryUrl(environment['BUILDIT_IMPORTS'], one.library);
        const entry: LockedLibrary = lock[key] ?? { url, commit, files: {} };
        lock[key] = { ...entry, files: { ...entry.files, [one.path]: digest } };
        if (writeChanged(root, path, text)) written.push(path);
      }
    }
  } finally {
    for (const library of fetched.values()) library.close();
  }
  const count = Object.values(lock).reduce((sum, { files: own }) => sum + Object.keys(own).length, 0);
  if (count > 0 && writeChanged(root, LOCK_NAME, printLock(lock))) written.push(LOCK_NAME);
  return { files: count, written };

  /** The copy that is there, if it is what the lock says, else what the repository has at that commit. */
  async function readWanted({ library, ref, path }: Wanted, locked: LockedLibrary | null) {
    const digest = locked?.files[path];
    const copy =
      locked && digest !== undefined ? readCopy(join(root, COPIES, library, locked.commit, path), digest) : null;
    if (locked && copy !== null) return { commit: locked.commit, text: copy };
    const url = locked?.url ?? readLibraryUrl(environment['BUILDIT_IMPORTS'], library);
    const key = `${library}@${ref}`;
    const source = fetched.get(key) ?? (await fetchLibrary(url, locked?.commit ?? ref, environment));
    fetched.set(key, source);
    const text = await source.read(path);
    if (text !== null) return { commit: source.commit, text };
    throw new CommandError(EXIT.usage, {
      code: 'import-file-missing',
      message: `${library} has no file ${path} at ${ref}`,
      cause: `commit ${source.commit.slice(0, 12)} of ${url}`,
      fix: 'import "org/lib" is its templates.kdl; another file is named in the import: "org/lib/folder/file.kdl"',
    });
  }
}

function readCopy(path: string, digest: string): string | null {
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8');
  return createHash('sha256').update(text).digest('hex') === digest ? text : null;
}

function readLock(root: string): Lock {
  const path = join(root, LOCK_NAME);
  if (!existsSync(path)) return {};
  const lock = parseLock(readFileSync(path, 'utf8'));
  if (lock) return lock;
  throw new CommandError(EXIT.usage, {
    code: 'lock-unreadable',
    message: `${LOCK_NAME} cannot be read`,
    fix: 'take back what changed it, or delete it: all libraries are then resolved anew',
  });
}

function writeChanged(root: string, path: string, text: string): boolean {
  const whole = join(root, path);
  try {
    if (existsSync(whole) && readFileSync(whole, 'utf8') === text) return false;
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(`${whole}.next`, text);
    renameSync(`${whole}.next`, whole);
    return true;
  } catch (thrown) {
    throw new CommandError(EXIT.usage, {
      code: 'file-unwritable',
      message: `${path} cannot be written`,
      cause: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown),
      fix: 'check the mode of the folder, and the space on the disk',
    });
  }
}
