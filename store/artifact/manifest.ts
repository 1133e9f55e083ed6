import { createHash } from 'node:crypto';
import type { ArtifactReference, ObjectReference } from '#core/attempt.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { nameSegment } from '../object/name-segment.ts';
import type { ArtifactKey } from './port.ts';

/** What an artifact is made of. Written last: without it nothing exists but loose chunks. */
export interface ArtifactManifest {
  version: 1;
  entries: ManifestEntry[];
  /** The contents of the files one after the other, in order of `at`, cut into these. */
  chunks: Chunk[];
}

export interface Chunk {
  /** SHA-256, hex; also its key. */
  digest: string;
  bytes: number;
}

export type ManifestEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | {
      kind: 'file';
      path: string;
      mode: number;
      /** Seconds since epoch. */
      mtime: number;
      bytes: number;
      /** SHA-256 of its content, hex. */
      digest: string;
      /** Offset of its first byte in the sequence of chunks. Hard links share one. */
      at: number;
    };

/** Where all manifests of a run are. */
export function manifestsOf(runId: string): string {
  return `artifacts/${nameSegment(runId)}/`;
}

export function manifestKey(key: ArtifactKey): string {
  return `${manifestsOf(key.runId)}${nameSegment(key.stage)}/${key.attempt}/${nameSegment(key.name)}.json`;
}

export function chunkKey(digest: string): string {
  return `chunks/${digest.slice(0, 2)}/${digest}`;
}

/** The reference of a stored manifest's bytes. */
export function referTo(key: ArtifactKey, bytes: Uint8Array): ArtifactReference {
  const manifest = JSON.parse(Buffer.from(bytes).toString()) as ArtifactManifest;
  const files = manifest.entries.filter((entry) => entry.kind !== 'folder');
  return {
    runId: key.runId,
    stage: key.stage,
    attempt: key.attempt,
    name: key.name,
    manifest: { key: manifestKey(key), digest: digestOf(bytes), bytes: bytes.length },
    files: files.length,
    bytes: files.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0),
  };
}

/** The manifest, once its bytes are those that were referred to. Throws `artifact-corrupt`. */
export function openManifest(reference: ObjectReference, bytes: Uint8Array | null): ArtifactManifest {
  if (bytes === null) throw corruptArtifact('its manifest is gone');
  if (digestOf(bytes) !== reference.digest) throw corruptArtifact('its manifest is not the one that was saved');
  return JSON.parse(Buffer.from(bytes).toString()) as ArtifactManifest;
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function corruptArtifact(cause: string): FaultError {
  return new FaultError({
    code: 'artifact-corrupt',
    message: 'An artifact is damaged in the store',
    cause,
    fix: 'Run the stage that made it again (buildit runs retry --from STAGE)',
    retry: NO_RETRY,
  });
}
