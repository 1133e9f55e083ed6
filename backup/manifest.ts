import { FaultError, NO_RETRY } from '#core/fault.ts';

/** Last entry of an archive: an archive without it is not whole. */
export const MANIFEST_NAME = 'manifest.json';

const FORMAT = 1;

/** What an archive holds, and how each entry is known again. */
export interface BackupManifest {
  format: typeof FORMAT;
  createdAt: string;
  /** Number of the newest migration of the database. */
  level: number;
  tables: TableFacts[];
  sequences: { name: string; value: number; isCalled: boolean }[];
  entries: EntryFacts[];
}

export interface TableFacts {
  name: string;
  /** Columns, in the order of the rows' values. */
  columns: string[];
}

export interface EntryFacts {
  name: string;
  bytes: number;
  /** SHA-256, hex. */
  digest: string;
}

export function encodeManifest(manifest: Omit<BackupManifest, 'format'>): Buffer {
  return Buffer.from(`${JSON.stringify({ format: FORMAT, ...manifest })}\n`);
}

/** Throws the fault `backup-unknown` for what is no manifest of ours. */
export function decodeManifest(bytes: Buffer): BackupManifest {
  const value: unknown = readJson(bytes);
  if (isManifest(value)) return value;
  throw new FaultError({
    code: 'backup-unknown',
    message: 'The archive is none of this version of BuildIt',
    fix: 'Restore it with the version that made it, or a newer one',
    retry: NO_RETRY,
  });
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Said by the caller: it is no manifest.
    return null;
  }
}

function isManifest(value: unknown): value is BackupManifest {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== FORMAT) return false;
  const { level, tables, sequences, entries } = value as Partial<Record<keyof BackupManifest, unknown>>;
  return (
    Number.isInteger(level) &&
    isListOf(tables, { name: isText, columns: (columns) => Array.isArray(columns) && columns.every(isText) }) &&
    isListOf(sequences, { name: isText, value: Number.isSafeInteger, isCalled: (is) => typeof is === 'boolean' }) &&
    isListOf(entries, { name: isText, bytes: Number.isSafeInteger, digest: isText })
  );
}

/** Whether it is a list of objects whose fields pass their tests. */
function isListOf(value: unknown, tests: Record<string, (field: unknown) => boolean>): boolean {
  if (!Array.isArray(value)) return false;
  return value.every(
    (item: unknown) =>
      typeof item === 'object' &&
      item !== null &&
      Object.entries(tests).every(([name, test]) => test((item as Record<string, unknown>)[name])),
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
