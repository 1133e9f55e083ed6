import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { ImportedFile, ImportReader, ImportTarget } from './import-reader.ts';
import { COPIES, LOCK_NAME, type Lock, parseLock } from './lock-file.ts';

export type Refused = Extract<ImportedFile, { kind: 'refused' }>;

/** The files around the one that is compiled: a folder of this machine, or the snapshot of one. */
export interface SourceTree {
  /** Text of a regular file by its path from the top, with `/`; nothing outside the tree, whatever links say. */
  readText(path: string): string | Refused;
  /** How a file is called in messages, by its path from the top, and back. */
  nameOf(path: string): string;
  pathOf(name: string): string;
}

export function refuse(message: string, hint?: string): Refused {
  return { kind: 'refused', message, ...(hint === undefined ? {} : { hint }) };
}

/** Reads imports from a tree; libraries from their copies in it, which must be what buildit.lock says. */
export function readTree(tree: SourceTree): ImportReader {
  let known: Lock | Refused | null = null;
  const lockOf = (): Lock | Refused => (known ??= readLock(tree));

  const readCopy = (path: string, digest: string): ImportedFile => {
    const text = tree.readText(path);
    if (typeof text !== 'string') return { ...text, hint: 'let it be fetched again: buildit init' };
    if (createHash('sha256').update(text).digest('hex') === digest) {
      return { kind: 'text', file: tree.nameOf(path), text, isForeign: true };
    }
    return refuse(
      `${tree.nameOf(path)} is not what ${LOCK_NAME} says`,
      'take the change back, or delete the file and let it be fetched again: buildit init',
    );
  };

  const readLibrary = ({ library, path, ref }: Extract<ImportTarget, { kind: 'library' }>): ImportedFile => {
    const lock = lockOf();
    if (isRefused(lock)) return lock;
    const locked = lock[`${library}@${ref}`];
    const digest = locked?.files[path];
    if (locked && digest !== undefined) return readCopy(posix.join(COPIES, library, locked.commit, path), digest);
    const what = locked ? `${path} of ${library}` : library;
    return refuse(`${what} at ${ref} is not in ${LOCK_NAME}`, 'let it be fetched: buildit init');
  };

  /** A file that a library imports: part of the same commit, and in the lock too. */
  const readInLibrary = (from: string, path: string, written: string): ImportedFile => {
    const lock = lockOf();
    if (isRefused(lock)) return lock;
    const [organization = '', name = '', commit = ''] = posix.relative(COPIES, from).split('/');
    const library = `${organization}/${name}`;
    const home = posix.join(COPIES, library, commit);
    const locked = Object.entries(lock).find(([key, one]) => key.startsWith(`${library}@`) && one.commit === commit);
    const digest = path.startsWith(`${home}/`) ? locked?.[1].files[posix.relative(home, path)] : undefined;
    if (digest !== undefined) return readCopy(path, digest);
    return refuse(`"${written}" is no file of ${library}`, 'a library imports its own files, and others at a ref');
  };

  return (from, target) => {
    if (target.kind === 'library') return readLibrary(target);
    const importing = tree.pathOf(from);
    const path = posix.join(posix.dirname(importing), target.path);
    if (importing.startsWith(`${COPIES}/`)) return readInLibrary(importing, path, target.path);
    if (path.startsWith('..')) {
      const hint = 'copy the file into it, or import a library: import "org/lib" ref="v1"';
      return refuse(`"${target.path}" is outside the repository`, hint);
    }
    const text = tree.readText(path);
    return typeof text === 'string' ? { kind: 'text', file: tree.nameOf(path), text, isForeign: false } : text;
  };
}

function readLock(tree: SourceTree): Lock | Refused {
  const text = tree.readText(LOCK_NAME);
  const hint = 'let what is imported be fetched: buildit init';
  if (typeof text !== 'string') return { ...text, hint };
  return (
    parseLock(text) ?? refuse(`${LOCK_NAME} cannot be read`, `take back what changed it, or delete it and ${hint}`)
  );
}

function isRefused(value: Lock | Refused): value is Refused {
  return 'kind' in value && value.kind === 'refused';
}
