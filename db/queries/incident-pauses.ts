import type { IncidentPauseRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';

/** Open runs of a workspace that nobody has paused, oldest first, at most `limit`; and how many there are. */
export async function listPausable(
  scoped: Scoped,
  workspaceId: string,
  limit: number,
): Promise<{ runs: RunWithNames[]; total: number }> {
  const isPausable = scoped`runs.workspace_id = ${workspaceId} AND ${inWorkspaces(scoped, 'runs.workspace_id')}
    AND runs.status_kind IN ('waiting', 'queued', 'running')`;
  const [runs, [row]] = await Promise.all([
    scoped<RunWithNames[]>`${selectRuns(scoped)} WHERE ${isPausable} ORDER BY runs.id LIMIT ${limit}`,
    scoped<{ total: number }[]>`SELECT count(*)::int AS total FROM runs WHERE ${isPausable}`,
  ]);
  return { runs, total: row?.total ?? 0 };
}

/** Runs that the incident of a workspace holds, oldest first. */
export async function listHeld(
  scoped: Scoped,
  workspaceId: string,
  limit: number,
): Promise<{ runs: (RunWithNames & IncidentPauseRow)[]; total: number }> {
  const isHeld = scoped`held.workspace_id = ${workspaceId} AND ${inWorkspaces(scoped, 'held.workspace_id')}`;
  const from = scoped`incident_pauses AS held JOIN runs ON runs.id = held.run_id`;
  const [runs, [row]] = await Promise.all([
    scoped<(RunWithNames & IncidentPauseRow)[]>`
      SELECT found.*, held.run_id, held.paused_at, held.paused_by, held.reason
      FROM incident_pauses AS held JOIN (${selectRuns(scoped)}) AS found ON found.id = held.run_id
      WHERE ${isHeld} ORDER BY held.run_id LIMIT ${limit}`,
    scoped<{ total: number }[]>`SELECT count(*)::int AS total FROM ${from} WHERE ${isHeld}`,
  ]);
  return { runs, total: row?.total ?? 0 };
}

export async function holdRuns(
  scoped: Scoped,
  workspaceId: string,
  runIds: readonly string[],
  paused: { by: string; reason: string | null },
): Promise<void> {
  for (const runId of runIds) {
    await scoped`
      INSERT INTO incident_pauses (run_id, workspace_id, paused_by, reason)
      VALUES (${runId}, ${workspaceId}, ${paused.by}, ${paused.reason}) ON CONFLICT DO NOTHING`;
  }
}

export async function releaseRuns(scoped: Scoped, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    await scoped`DELETE FROM incident_pauses WHERE run_id = ${runId} AND ${inWorkspaces(scoped)}`;
  }
}
