import { asJson, type Database } from '../client.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Of the digests, those of contents that the workspace has sent. */
export async function listSentContents(
  scoped: Scoped,
  workspaceId: string,
  digests: readonly string[],
): Promise<Set<string>> {
  const rows = await scoped<{ digest: string }[]>`
    SELECT digest FROM snapshot_contents
    WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}
      AND digest IN (SELECT json_array_elements_text(${asJson(scoped, digests)}::json))`;
  return new Set(rows.map((row) => row.digest));
}

export async function insertContents(
  scoped: Scoped,
  workspaceId: string,
  contents: readonly { digest: string; bytes: number }[],
): Promise<void> {
  await scoped`
    INSERT INTO snapshot_contents (workspace_id, digest, bytes)
    SELECT DISTINCT ${workspaceId}::uuid, digest, bytes
    FROM json_to_recordset(${asJson(scoped, contents)}::json) AS content(digest text, bytes bigint)
    ON CONFLICT DO NOTHING`;
}

export async function insertSnapshot(
  scoped: Scoped,
  snapshot: { workspaceId: string; digest: string; files: number; bytes: number; createdBy: string },
): Promise<void> {
  await scoped`
    INSERT INTO snapshots (workspace_id, digest, files, bytes, created_by)
    VALUES (${snapshot.workspaceId}, ${snapshot.digest}, ${snapshot.files}, ${snapshot.bytes}, ${snapshot.createdBy})
    ON CONFLICT DO NOTHING`;
}

export async function findSnapshot(
  scoped: Scoped,
  workspaceId: string,
  digest: string,
): Promise<{ digest: string; files: number; bytes: number } | null> {
  const [row] = await scoped<{ digest: string; files: number; bytes: number }[]>`
    SELECT digest, files, bytes FROM snapshots
    WHERE workspace_id = ${workspaceId} AND digest = ${digest} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

/** Of these trees, those that no run begins from which is not given up: whoever sent one has to send it again. */
export async function forgetSnapshots(database: Database, digests: readonly string[]): Promise<string[]> {
  const rows = await database<{ digest: string }[]>`
    WITH unused AS (
      SELECT digest FROM json_array_elements_text(${asJson(database, digests)}) AS stored (digest)
      WHERE NOT EXISTS (
        SELECT FROM runs WHERE expired_at IS NULL AND source->'snapshot'->>'digest' = stored.digest)
    ), forgotten AS (
      DELETE FROM snapshots WHERE digest IN (SELECT digest FROM unused)
    )
    SELECT digest FROM unused`;
  return rows.map(({ digest }) => digest);
}
