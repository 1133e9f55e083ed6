import type { ObjectReference } from './attempt.ts';
import type { Text } from './text.ts';

/** A cache as one stage uses it (LANGUAGE §4). Keys are complete but for values that only a run has. */
export interface CacheRule {
  /** Of a pipeline's cache; an inline one is named after its stage. Part of the entry's identity. */
  name: string;
  /** Below the workspace, or below the stage's home with a leading `~/`. Folders or files, never globs. */
  paths: string[];
  /** May hold {@link CHECKSUM} references, which the snapshot of the run's source answers. */
  key: Text;
  /** Prefixes, looked for in this order, newest entry first, when no entry has the key. */
  restore: Text[];
  save: 'success' | 'always';
  /** Of the key in the file, from 1: where to look when it cannot be made. */
  line: number;
}

/**
 * Whose entries a run may see, and where its own go. A scope is `branch:NAME`, `tag:NAME` or `none` (outside a
 * repository); what runs of one branch left is never read by those of another, but for base and default branch.
 */
export interface CacheScopes {
  /** In the order they are looked through. */
  read: string[];
  /** Null for a pull request from a fork: it reads and never writes. */
  write: string | null;
}

/** Where the files of an entry are. */
export interface CacheReference extends ObjectReference {
  /** Those of the cache's paths that are folders, as they are called in its tar. */
  folders: string[];
}

/** Which cache of a run's pipeline. */
export interface CacheName {
  runId: string;
  name: string;
  /** Digest of its paths. */
  version: string;
}

/** An entry that was saved and is to be found from now on. */
export interface NewCache extends CacheName {
  scope: string;
  key: string;
  stage: string;
  files: number;
  bytes: number;
  reference: CacheReference;
  /** How long the attempt took that saved it. */
  madeMs: number;
}

/** The entry that a stage begins with. */
export interface FoundCache {
  id: string;
  scope: string;
  key: string;
  bytes: number;
  reference: CacheReference;
  /** How long the attempt took that saved it. */
  madeMs: number;
}

/** What a reference to a checksum begins with; the globs of its files follow, with spaces between. */
export const CHECKSUM = 'checksum ';

/** What became of a cache in one attempt, for people (UI 4.4) and for the count of hits. */
export interface CacheUse {
  name: string;
  /** Complete. */
  key: string;
  found: 'key' | 'prefix' | 'nothing';
  /** Of the entry that was restored; null without one. */
  entry: { key: string; scope: string; bytes: number } | null;
  restoreMs: number;
  /** What the attempt that saved the entry took longer than this one; null unless the very key was found. */
  savedMs: number | null;
  /** Bytes of the entry that this attempt saved; null when it saved none. */
  savedBytes: number | null;
}
