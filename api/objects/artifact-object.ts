import type { ArtifactObject } from '#core/rest.ts';
import type { ArtifactRow } from '#db/rows.ts';

export function toArtifactObject(row: ArtifactRow): ArtifactObject {
  return {
    id: row.id,
    runId: row.runId,
    stage: row.stage,
    attempt: row.attempt,
    name: row.name,
    files: row.files,
    bytes: row.bytes,
    digest: row.reference.manifest.digest,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}
