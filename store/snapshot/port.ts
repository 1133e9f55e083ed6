import type { Readable } from 'node:stream';
import type { GitFacts } from '#core/plan.ts';
import type { SnapshotEntry } from './manifest.ts';

/** One snapshot of the source a run (ENGINE 11, 12): every stage, retry and resume starts from it. */
export interface SnapshotStore {
  /**
   * Takes the folder as it is now, honouring `.gitignore` and `.builditignore`; whole when
   * it resolves. Unchanged files are known by their stat and not read again.
   */
  take(root: string, options: SnapshotOptions): Promise<TakenSnapshot>;
  /** All paths of the tree, sorted, with the digests of their contents. */
  list(reference: SnapshotReference): Promise<SnapshotEntry[]>;
  /** The tree as a tar stream. */
  load(reference: SnapshotReference): Readable;
  /** The tree unpacked below `folder` (must be empty), by copy-on-write where the disk can. */
  unpack(reference: SnapshotReference, folder: string): Promise<void>;
}

export interface SnapshotOptions {
  /** With a shallow `.git` and its tags. */
  git: boolean;
  /** Absolute paths of files that stay out: a secret file must not be copied in clear. */
  without?: readonly string[];
}

export interface SnapshotReference {
  /** Digest of the manifest: equal trees have equal digests. */
  digest: string;
  files: number;
  bytes: number;
}

export interface TakenSnapshot extends SnapshotReference {
  /** Sentences to say aloud: what was left out because it has no content, what changed while it was read. */
  notices: string[];
}

/** Where the source of a local run is and what git says about it (ENGINE 12). */
export interface SourceRoot {
  root: string;
  git: GitFacts | null;
  /** Where the repository says that its main line is; null where it says nothing. */
  defaultBranch: string | null;
  /** What people call the repository: `github.com/acme/shop`, else the name of its top folder. Null outside of one. */
  repository: string | null;
}
