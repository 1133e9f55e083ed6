import { createHash } from 'node:crypto';
import { findUnsafeLink, findUnsafePath, normalizePath } from '../archive/check-path.ts';
import { decodeManifest, encodeManifest, type SnapshotEntry } from './manifest.ts';
import type { SnapshotReference } from './port.ts';

/** A manifest that came from elsewhere, or why it is none of ours. */
export type CheckedManifest = { kind: 'sound'; reference: SnapshotReference } | { kind: 'unsound'; reason: string };

/** Files, folders and links of a snapshot at most. */
const MAX_ENTRIES = 500_000;

/**
 * Looks at a manifest that somebody sent: its form, that it is written as we write it, and that nothing in it leaves the
 * tree: no path climbs, none goes through a link or a file, none comes twice, no link leads out.
 */
export function checkManifest(bytes: Buffer): CheckedManifest {
  const entries = readEntries(bytes);
  if (entries === null) return { kind: 'unsound', reason: 'it is no manifest' };
  if (entries.length > MAX_ENTRIES) return { kind: 'unsound', reason: `it has more than ${MAX_ENTRIES} entries` };
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (encodeManifest({ version: 1, entries }).digest !== digest) {
    return { kind: 'unsound', reason: 'it is not in the order and spelling of a manifest' };
  }
  const kinds = new Map<string, SnapshotEntry['kind']>();
  for (const entry of entries) {
    const reason = findFault(entry, kinds);
    if (reason !== null) return { kind: 'unsound', reason: `${entry.path}: ${reason}` };
    kinds.set(entry.path, entry.kind);
  }
  const files = entries.filter((entry) => entry.kind !== 'folder').length;
  const size = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
  return { kind: 'sound', reference: { digest, files, bytes: size } };
}

function findFault(entry: SnapshotEntry, kinds: ReadonlyMap<string, SnapshotEntry['kind']>): string | null {
  const unsafe = findUnsafePath(entry.path);
  if (unsafe !== null) return unsafe;
  if (entry.path === '' || normalizePath(entry.path) !== entry.path) return 'it is not a plain path';
  if (kinds.has(entry.path)) return 'it comes twice';
  for (let slash = entry.path.lastIndexOf('/'); slash > 0; slash = entry.path.lastIndexOf('/', slash - 1)) {
    const kind = kinds.get(entry.path.slice(0, slash));
    if (kind !== undefined && kind !== 'folder') return `${entry.path.slice(0, slash)} is no folder`;
  }
  return entry.kind === 'link' ? findUnsafeLink(entry.path, entry.target) : null;
}

/** Null for bytes that are no manifest at all. */
function readEntries(bytes: Buffer): SnapshotEntry[] | null {
  try {
    const { version, entries } = decodeManifest(bytes);
    return version === 1 && entries.every(isEntry) ? entries : null;
  } catch {
    return null;
  }
}

function isEntry(entry: SnapshotEntry): boolean {
  if (typeof entry.path !== 'string') return false;
  switch (entry.kind) {
    case 'folder':
      return true;
    case 'link':
      return typeof entry.target === 'string';
    case 'file':
      return (
        Number.isInteger(entry.mode) &&
        entry.mode >= 0 &&
        entry.mode <= 0o777 &&
        Number.isSafeInteger(entry.bytes) &&
        entry.bytes >= 0 &&
        typeof entry.digest === 'string' &&
        /^[0-9a-f]{64}$/.test(entry.digest)
      );
    default:
      return entry satisfies never;
  }
}
