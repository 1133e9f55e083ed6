import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotReference, SnapshotStore } from '#store/snapshot/port.ts';
import { createGlobMatcher, findGlobBase } from '../executor/globs.ts';
import type { RunSource } from '../executor/port.ts';
import { listFilesBelow } from '../executor/process/pack-workspace.ts';

/** What is known of the files of a run's source without unpacking it. */
export interface SourceFiles {
  /**
   * SHA-256 (hex) over the contents and paths of the files that match; or the first glob that matches none. Of the
   * snapshot, so that all stages of a run get the same; with `--in-place` of the folder as it is.
   */
  sum(source: RunSource, globs: readonly string[]): Promise<{ sum: string } | { unmatched: string }>;
  /** Whether the source has the path, or files below it. */
  has(source: RunSource, path: string): Promise<boolean>;
}

/** Snapshots whose lists stay in memory. */
const HELD = 4;

/** Digest by path; links count with what they point to. */
type Digests = ReadonlyMap<string, string>;

export function openSourceFiles(snapshots: Pick<SnapshotStore, 'list'>): SourceFiles {
  const held = new Map<string, Promise<Digests>>();

  function list(snapshot: SnapshotReference): Promise<Digests> {
    const known = held.get(snapshot.digest) ?? readDigests(snapshots, snapshot);
    held.delete(snapshot.digest);
    held.set(snapshot.digest, known);
    known.catch(() => held.delete(snapshot.digest));
    for (const oldest of [...held.keys()].slice(0, -HELD)) held.delete(oldest);
    return known;
  }

  return {
    async sum(source, globs) {
      const matchers = globs.map((glob) => ({ glob, matches: createGlobMatcher([glob]), isUsed: false }));
      const found: [path: string, digest: string][] = [];
      const take = (path: string): boolean => {
        const matching = matchers.filter(({ matches }) => matches(path));
        for (const one of matching) one.isUsed = true;
        return matching.length > 0;
      };
      if (source.kind === 'copy') {
        for (const [path, digest] of await list(source.snapshot)) if (take(path)) found.push([path, digest]);
      } else {
        for (const base of new Set(globs.map(findGlobBase))) {
          for await (const path of listFilesBelow(source.folder, base)) {
            if (take(path)) found.push([path, await hashFile(join(source.folder, path))]);
          }
        }
      }
      const unused = matchers.find(({ isUsed }) => !isUsed);
      return unused ? { unmatched: unused.glob } : { sum: hashList(found) };
    },
    async has(source, path) {
      if (source.kind === 'in-place') return true;
      const digests = await list(source.snapshot);
      if (digests.has(path)) return true;
      for (const known of digests.keys()) if (known.startsWith(`${path}/`)) return true;
      return false;
    },
  };
}

async function readDigests(snapshots: Pick<SnapshotStore, 'list'>, snapshot: SnapshotReference): Promise<Digests> {
  const entries = await snapshots.list(snapshot);
  return new Map(
    entries.flatMap((entry): [string, string][] => {
      switch (entry.kind) {
        case 'file':
          return [[entry.path, entry.digest]];
        case 'link':
          return [[entry.path, `link ${entry.target}`]];
        case 'folder':
          return [];
        default:
          return entry satisfies never;
      }
    }),
  );
}

/** The same whatever order they were found in, each once. */
function hashList(found: readonly (readonly [path: string, digest: string])[]): string {
  const lines = new Set(found.map(([path, digest]) => `${digest} ${path}\n`));
  return createHash('sha256')
    .update([...lines].toSorted().join(''))
    .digest('hex');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}
