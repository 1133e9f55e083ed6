/** Name of the file at the top of a repository that says which content its imports have. */
export const LOCK_NAME = 'buildit.lock';

/** Where copies of libraries lie, below the top of the repository: `org/lib/COMMIT/file.kdl`. */
export const COPIES = '.buildit/imports';

/** A library as it was resolved. */
export interface LockedLibrary {
  /** Where it was fetched. */
  url: string;
  /** Full name of the commit. */
  commit: string;
  /** Of each file that is imported, by its path: SHA-256 (hex). */
  files: Record<string, string>;
}

/** By `org/lib@ref`. */
export type Lock = Record<string, LockedLibrary>;

/** The lock as text: sorted, so that a change of one import is a change of its lines. */
export function printLock(lock: Lock): string {
  const imports = Object.fromEntries(
    sortEntries(lock).map(([name, { url, commit, files }]) => [
      name,
      { url, commit, files: Object.fromEntries(sortEntries(files)) },
    ]),
  );
  return `${JSON.stringify({ version: 1, imports }, null, 2)}\n`;
}

function sortEntries<Value>(record: Record<string, Value>): [string, Value][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The lock that a text is; null when it is none. */
export function parseLock(text: string): Lock | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed) || parsed['version'] !== 1 || !isRecord(parsed['imports'])) return null;
    const { imports } = parsed;
    return Object.values(imports).every(isLocked) ? (imports as Lock) : null;
  } catch {
    return null;
  }
}

function isLocked(value: unknown): value is LockedLibrary {
  if (!isRecord(value)) return false;
  const { url, commit, files } = value;
  const hasFiles = isRecord(files) && Object.values(files).every((digest) => isHex(digest, 64));
  return typeof url === 'string' && (isHex(commit, 40) || isHex(commit, 64)) && hasFiles;
}

function isHex(value: unknown, length: number): boolean {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
