import { createHash } from 'node:crypto';

/** The tree of a snapshot, sorted by path: equal trees are equal texts. */
export interface SnapshotManifest {
  version: 1;
  entries: SnapshotEntry[];
}

export type SnapshotEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; mode: number; bytes: number; digest: string };

/** As stored: arrays, as 50,000 objects with their keys would be three times the text. */
type Row =
  | [path: string]
  | [path: string, target: string]
  | [path: string, mode: number, bytes: number, digest: string];

export function encodeManifest(manifest: SnapshotManifest): { bytes: Buffer; digest: string } {
  const rows = manifest.entries
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .map((entry): Row => {
      switch (entry.kind) {
        case 'folder':
          return [entry.path];
        case 'link':
          return [entry.path, entry.target];
        case 'file':
          return [entry.path, entry.mode, entry.bytes, entry.digest];
        default:
          return entry satisfies never;
      }
    });
  const bytes = Buffer.from(JSON.stringify({ version: manifest.version, rows }));
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

export function decodeManifest(bytes: Uint8Array): SnapshotManifest {
  const { version, rows } = JSON.parse(Buffer.from(bytes).toString()) as { version: 1; rows: Row[] };
  const entries = rows.map((row): SnapshotEntry => {
    if (row.length === 1) return { kind: 'folder', path: row[0] };
    if (row.length === 2) return { kind: 'link', path: row[0], target: row[1] };
    return { kind: 'file', path: row[0], mode: row[1], bytes: row[2], digest: row[3] };
  });
  return { version, entries };
}
