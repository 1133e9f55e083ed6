import type { GitFacts } from './plan.ts';

/** Answer of `POST snapshots`: what is still to be sent. */
export interface SnapshotObject {
  /** SHA-256 of the manifest. */
  digest: string;
  files: number;
  bytes: number;
  /** Digests of contents the workspace has not sent yet; none when the snapshot can be run. */
  missing: string[];
}

/** Body of `POST runs/remote`: a file of the caller's machine, run on the server (`buildit run --remote`). */
export interface RemoteRunRequest {
  /** Path of the file below the source root. */
  file: string;
  text: string;
  /** Digest of a snapshot that was sent whole. */
  snapshot: string;
  params: Record<string, string>;
  /** Layer of `--env-file`. */
  envFile: Record<string, string>;
  executor: 'docker' | 'process' | null;
  stages: string[];
  maxParallel: number | null;
  git: GitFacts | null;
  /** 1 first, 5 last; 3 when nothing is said. */
  priority?: number;
}
