import type { Readable } from 'node:stream';
import type { ObjectReference } from '#core/attempt.ts';
import type { CacheReference } from '#core/cache.ts';

/**
 * What caches hold: trees of files, immutable, as chunks of a few MiB by content plus a manifest written last. Which
 * entry has which key is in the database; one without a row is nobody's and may go. Constant memory. All verbs may be
 * repeated and called at once; two that save under one id write the same bytes or their tree is the first one's.
 */
export interface CacheStore {
  /**
   * Saves the files of a tar stream; null when it holds none. The same id saved before (a repeated attempt of ours)
   * answers what was saved then. Links may lead anywhere, but nothing may lie below one. The memory of what the tar gives
   * is the store's from then on, which frees it.
   * `roots` are the paths it was asked for.
   */
  save(id: CacheId, tar: Readable, roots: readonly string[]): Promise<CacheContent | null>;
  /** The files again as a tar stream, which fails with `artifact-corrupt` where a byte is not what was saved. */
  load(reference: ObjectReference): Readable;
  /** Absent is fine. */
  remove(id: CacheId): Promise<void>;
  /** All that is there, whole or not. */
  list(): Promise<CacheId[]>;
}

/** Known before a byte is written, and the same after a restart. Both: 1 to 64 of `a-z`, `0-9` and `-`. */
export interface CacheId {
  /** The run that saved it. */
  runId: string;
  /** Made of stage, attempt and cache. */
  name: string;
}

export interface CacheContent {
  reference: CacheReference;
  files: number;
  /** Total size of the files. */
  bytes: number;
}
