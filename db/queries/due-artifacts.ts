import { asJson, type Database, type Transaction } from '../client.ts';
import { isUnused } from './due-runs.ts';
import { writeSystemEvent } from './write-audit-event.ts';

/** An artifact whose `expire` has passed and that no open run can ask for. */
export interface DueArtifact {
  /** Of its manifest: rows of re-runs that carried it over have the same. */
  key: string;
  scope: string;
  number: number;
  workspaceId: string;
  label: string;
  name: string;
  bytes: number;
  expiresAt: string;
}

/** Names that the audit keeps of them. */
const NAMED = 20;

export async function listDueArtifacts(database: Database, limit: number): Promise<DueArtifact[]> {
  return database<DueArtifact[]>`
    SELECT DISTINCT ON (artifacts.expires_at, key) artifacts.reference->'manifest'->>'key' AS key, runs.scope,
      runs.number, runs.workspace_id, runs.label, artifacts.name, artifacts.bytes, artifacts.expires_at
    FROM artifacts JOIN runs ON runs.id = artifacts.run_id
    WHERE artifacts.removed_at IS NULL AND artifacts.expires_at <= now() AND ${isOver(database)}
    ORDER BY artifacts.expires_at, key LIMIT ${limit}`;
}

/** Gives them up, as {@link expireRuns} does with all of a run. Answers those that went. */
export async function expireArtifacts(database: Database, due: readonly DueArtifact[]): Promise<DueArtifact[]> {
  const gone: DueArtifact[] = [];
  for (const artifacts of Map.groupBy(due, ({ workspaceId }) => workspaceId).values()) {
    gone.push(
      ...(await database.begin(async (transaction) => {
        const expired: DueArtifact[] = [];
        for (const artifact of artifacts) if (await expire(transaction, artifact)) expired.push(artifact);
        await writeEvent(transaction, expired);
        return expired;
      })),
    );
  }
  return gone;
}

async function expire(transaction: Transaction, { scope, number, key }: DueArtifact): Promise<boolean> {
  await transaction`SELECT FROM run_numbers WHERE scope = ${scope} AND number = ${number} FOR UPDATE`;
  const rows = await transaction`
    UPDATE artifacts SET removed_at = now(), expires_at = least(coalesce(expires_at, now()), now()) FROM runs
    WHERE runs.id = artifacts.run_id AND runs.scope = ${scope} AND runs.number = ${number}
      AND artifacts.reference->'manifest'->>'key' = ${key} AND artifacts.removed_at IS NULL AND ${isOver(transaction)}
    RETURNING artifacts.id`;
  return rows.length > 0;
}

/** Artifacts that are given up and whose bytes are still there, by the keys of their manifests, without some. */
export async function listArtifactsToSweep(
  database: Database,
  limit: number,
  without: readonly string[],
): Promise<string[]> {
  const rows = await database<{ key: string }[]>`
    SELECT DISTINCT reference->'manifest'->>'key' AS key FROM (
      SELECT reference FROM artifacts WHERE removed_at IS NOT NULL AND NOT is_swept
        AND reference->'manifest'->>'key' NOT IN (SELECT json_array_elements_text(${asJson(database, without)}))
      ORDER BY removed_at LIMIT ${limit}
    ) AS artifacts`;
  return rows.map(({ key }) => key);
}

export async function noteArtifactSwept(database: Database, key: string): Promise<void> {
  await database`
    UPDATE artifacts SET is_swept = true
    WHERE removed_at IS NOT NULL AND NOT is_swept AND reference->'manifest'->>'key' = ${key}`;
}

/** Of `runs`: all of its number have ended, and nobody looks around in what one has left. */
function isOver(sql: Database | Transaction) {
  return sql`NOT EXISTS (
    SELECT FROM runs AS other
    WHERE other.scope = runs.scope AND other.number = runs.number AND other.status_kind <> 'ended'
  ) AND ${isUnused(sql)}`;
}

async function writeEvent(transaction: Transaction, artifacts: readonly DueArtifact[]): Promise<void> {
  const [first] = artifacts;
  if (!first) return;
  await writeSystemEvent(transaction, first.workspaceId, 'artifact.expire', {
    artifacts: artifacts.slice(0, NAMED).map(({ label, name }) => `${label} ${name}`),
    count: artifacts.length,
    bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
  });
}
