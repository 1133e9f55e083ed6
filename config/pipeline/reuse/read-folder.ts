import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LIMITS } from '../guard.ts';
import type { ImportedFile, ImportReader, ImportTarget } from './import-reader.ts';
import { COPIES, LOCK_NAME, type Lock, parseLock } from './lock-file.ts';

/** A repository on this machine. */
export interface Folder {
  /** Absolute; nothing outside it is read. */
  root: string;
  /** Absolute; names of files are relative to it. */
  base: string;
  /** Name of the file that is compiled. */
  main: string;
}

type Refused = Extract<ImportedFile, { kind: 'refused' }>;

/** Reads imports from a folder; libraries from their copies in it, as buildit.lock says. */
export function readFolder({ root, base, main }: Folder): ImportReader {
  const copies = join(root, COPIES);
  let lock: Lock | Refused | null = null;
  const nameOf = (path: string) => (path === resolve(base, main) ? main : relative(base, path));

  const readLibrary = ({ library, path, ref }: Extract<ImportTarget, { kind: 'library' }>): ImportedFile => {
    lock ??= readLock(root);
    if (isRefused(lock)) return lock;
    const locked = lock[`${library}@${ref}`];
    const digest = locked?.files[path];
    if (!locked || digest === undefined) {
      return refuse(`${library} at ${ref} is not in ${LOCK_NAME}`, 'let it be fetched: buildit init');
    }
    return readCopy(join(copies, library, locked.commit, path), digest);
  };

  const readCopy = (path: string, digest: string): ImportedFile => {
    const text = readText(path, copies, relative(root, path));
    if (typeof text !== 'string') {
      return { ...text, hint: 'let it be fetched again: buildit init' };
    }
    if (createHash('sha256').update(text).digest('hex') !== digest) {
      return refuse(
        `${nameOf(path)} is not what ${LOCK_NAME} says`,
        'take the change back, or delete the file and let it be fetched again: buildit init',
      );
    }
    return { kind: 'text', file: nameOf(path), text, isForeign: true };
  };

  return (from, target) => {
    if (target.kind === 'library') return readLibrary(target);
    const importing = resolve(base, from);
    const path = resolve(dirname(importing), target.path);
    if (!isInside(importing, copies)) {
      const text = readText(path, root, target.path);
      return typeof text === 'string' ? { kind: 'text', file: nameOf(path), text, isForeign: false } : text;
    }
    // A file of a library: what it imports is part of the same commit, and in the lock too.
    lock ??= readLock(root);
    if (isRefused(lock)) return lock;
    const [organization = '', library = '', commit = ''] = relative(copies, importing).split(sep);
    const home = join(copies, organization, library, commit);
    const locked = Object.entries(lock).find(
      ([name, one]) => name.startsWith(`${organization}/${library}@`) && one.commit === commit,
    );
    const digest = locked?.[1].files[relative(home, path).split(sep).join('/')];
    if (digest !== undefined && isInside(path, home)) return readCopy(path, digest);
    return refuse(`"${target.path}" is no file of ${organization}/${library}`, 'let it be fetched again: buildit init');
  };
}

function isRefused(value: Lock | Refused): value is Refused {
  return 'kind' in value && value.kind === 'refused';
}

function refuse(message: string, hint?: string): Refused {
  return { kind: 'refused', message, ...(hint === undefined ? {} : { hint }) };
}

function readLock(root: string): Lock | Refused {
  const text = readText(join(root, LOCK_NAME), root, LOCK_NAME);
  const hint = 'let what is imported be fetched: buildit init';
  if (typeof text !== 'string') return { ...text, hint };
  return parseLock(text) ?? refuse(`${LOCK_NAME} cannot be read`, `take back what changed it, or delete it: ${hint}`);
}

/** A regular file below a folder, links looked through; never a pipe or a device, which could be read for ever. */
function readText(path: string, within: string, shown: string): string | Refused {
  if (!isInside(path, within))
    return refuse(
      `"${shown}" is outside the repository`,
      'copy the file into it, or import a library: import "org/lib" ref="v1"',
    );
  try {
    const real = realpathSync(path);
    if (!isInside(real, realpathSync(within)))
      return refuse(`"${shown}" leads out of the repository`, 'a link may only lead to what is inside it');
    const stat = lstatSync(real);
    const { size } = stat;
    if (!stat.isFile()) return refuse(`"${shown}" is no file`);
    if (size > LIMITS.bytes) return refuse(`"${shown}" has ${size} bytes, at most ${LIMITS.bytes} are read`);
    return readFileSync(real, 'utf8');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? refuse(`there is no file "${shown}"`)
      : refuse(`"${shown}" cannot be read: ${code}`);
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
