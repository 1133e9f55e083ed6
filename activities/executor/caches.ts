import type { Readable } from 'node:stream';

/** A cache as an attempt has it: places that are filled before its first step and can be taken when it is over. */
export interface CacheTree {
  name: string;
  /** Below the workspace, or below the home of the stage's user with `~/`. */
  paths: readonly string[];
  /** Those of them at which the source or an input has files too: both are there then, the input's on top. */
  shared: readonly string[];
  /** Null when none was found. */
  entry: CacheEntry | null;
  /**
   * Told for an entry before `start` resolves; when it had to begin anew, again: the last counts. The attempt goes on
   * without an entry that is lost.
   */
  onRestored(outcome: RestoreOutcome): void;
}

export interface CacheEntry {
  /** `a-z`, `0-9` and `-`; another one for other content. A host may keep the tree under it. */
  id: string;
  /** Of its files. */
  bytes: number;
  /** Paths that are folders in it, under the names that `open` gives them. */
  folders: readonly string[];
  /** Its files as a tar stream; names begin with `workspace/` or `home/`. */
  open(): Readable;
}

export type RestoreOutcome =
  | { kind: 'restored'; ms: number }
  /** `isDamaged`: the entry itself is no good for anybody. */
  | { kind: 'lost'; cause: string; isDamaged: boolean };

/** Whole folders instead of what globs match, as caches name them; names in the tar begin with `workspace/` or `home/`. */
export interface WantedTrees {
  trees: readonly string[];
}

/** Name of a cache's path in a tar. */
export function nameInTree(path: string): string {
  return path.startsWith('~/') ? `home/${path.slice(2)}` : `workspace/${path}`;
}
