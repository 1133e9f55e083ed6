import type { Readable } from 'node:stream';
import type { ArtifactReference } from '#core/attempt.ts';

/**
 * Artifacts: trees of files, immutable, as chunks of a few MiB by content plus a manifest
 * written last. Constant memory. A manifest without all its chunks does not exist.
 */
export interface ArtifactStore {
  /**
   * Saves the files of a tar stream under a key. The same key saved before (a repeated
   * attempt of ours) answers the first reference. Refuses entries that leave the tree.
   * The memory of what the tar gives is the store's from then on, which frees it.
   */
  save(key: ArtifactKey, tar: Readable): Promise<ArtifactReference>;
  /** The files again as a tar stream, always the same, from byte `from` on; verifies every chunk's digest on the way. */
  load(reference: ArtifactReference, from?: number): Readable;
  /** How long that stream is. */
  measure(reference: ArtifactReference): Promise<number>;
  list(reference: ArtifactReference): Promise<ArtifactFile[]>;
}

export interface ArtifactKey {
  runId: string;
  stage: string;
  attempt: number;
  name: string;
}

export interface ArtifactFile {
  path: string;
  bytes: number;
  mode: number;
  /** SHA-256, hex; null for symbolic links and folders. */
  digest: string | null;
  link: string | null;
}
