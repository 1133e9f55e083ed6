import { idAt } from '../id.ts';
import type { GateRow } from '../rows.ts';
import { inWorkspaces, isAmong, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';
import { newestRuns } from './newest-runs.ts';

/** Gates of the workspaces that ask for a decision, oldest first. */
export function listGatesOf(scoped: Scoped, workspaceIds: readonly string[], limit: number): Promise<GateRow[]> {
  return scoped<GateRow[]>`
    SELECT * FROM gates
    WHERE status_kind = 'waiting' AND opened_at IS NOT NULL AND ${inWorkspaces(scoped)}
      AND ${isAmong(scoped, 'workspace_id', workspaceIds)}
    ORDER BY opened_at LIMIT ${limit}`;
}

/** The last ended run of each pipeline where it did not succeed, newest first. */
export function listBroken(scoped: Scoped, limit: number): Promise<RunWithNames[]> {
  return scoped<RunWithNames[]>`
    ${selectRuns(
      scoped,
      scoped`(
        SELECT latest.* FROM pipelines AS place CROSS JOIN LATERAL (
          SELECT * FROM runs WHERE runs.pipeline_id = place.id AND runs.status_kind = 'ended'
          ORDER BY runs.id DESC LIMIT 1
        ) AS latest
        WHERE place.deleted_at IS NULL AND ${inWorkspaces(scoped, 'place.workspace_id')}
      ) AS runs`,
    )}
    WHERE runs.ending IN ('failed', 'errored', 'timed-out') ORDER BY runs.id DESC LIMIT ${limit}`;
}

/** Runs that an actor started since a moment (ms since epoch), newest first. */
export function listRunsOf(scoped: Scoped, actor: string, since: number, limit: number): Promise<RunWithNames[]> {
  const conditions = scoped`AND runs.started_by = ${actor} AND runs.id > ${idAt(since)}`;
  return scoped<RunWithNames[]>`
    ${selectRuns(scoped, newestRuns(scoped, { conditions, limit }))} ORDER BY runs.id DESC`;
}

/** Tokens of a person that count now and end before a moment, soonest first. */
export function listEndingTokens(
  scoped: Scoped,
  userId: string,
  before: string,
): Promise<{ id: string; name: string; expiresAt: string }[]> {
  return scoped<{ id: string; name: string; expiresAt: string }[]>`
    SELECT id, name, expires_at FROM api_tokens
    WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > now() AND expires_at < ${before}::timestamptz
    ORDER BY expires_at LIMIT 50`;
}
