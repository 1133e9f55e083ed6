import type { IncidentPauseRow } from '../rows.ts';
import { inWorkspaces, isAmong, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';

/** So long a run may take to show the pause that it was asked for. */
const SHOWN = '10 seconds';

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

/**
 * Runs that the incident of a workspace holds, oldest first: those that are paused, or may be so in a moment. One that has
 * ended, or goes on, is held no more, whatever its row says.
 */
export async function listHeld(
  scoped: Scoped,
  workspaceId: string,
  limit: number,
): Promise<{ runs: (RunWithNames & IncidentPauseRow)[]; total: number }> {
  const isHeld = (run: string) => scoped`
    held.workspace_id = ${workspaceId} AND ${inWorkspaces(scoped, 'held.workspace_id')}
    AND (${scoped(run)}.status_kind = 'paused' OR (${scoped(run)}.status_kind IN ('waiting', 'queued', 'running')
      AND held.paused_at > now() - ${SHOWN}::interval))`;
  const from = scoped`incident_pauses AS held JOIN runs ON runs.id = held.run_id`;
  const [runs, [row]] = await Promise.all([
    scoped<(RunWithNames & IncidentPauseRow)[]>`
      SELECT found.*, held.run_id, held.paused_at, held.paused_by, held.reason
      FROM incident_pauses AS held JOIN (${selectRuns(scoped)}) AS found ON found.id = held.run_id
      WHERE ${isHeld('found')} ORDER BY held.run_id LIMIT ${limit}`,
    scoped<{ total: number }[]>`SELECT count(*)::int AS total FROM ${from} WHERE ${isHeld('runs')}`,
  ]);
  return { runs, total: row?.total ?? 0 };
}

/** Who holds, and by which request. */
interface Hold {
  by: string;
  reason: string | null;
  writeId: string;
}

/**
 * Before the runs are asked (`asking`) it leaves those that another request has just taken; what this one has `paused` is
 * its own, and so is a row that outlived an earlier pause.
 */
export async function holdRuns(
  scoped: Scoped,
  runIds: readonly string[],
  hold: Hold,
  state: 'asking' | 'paused',
): Promise<void> {
  const isFree = state === 'paused' ? scoped`true` : scoped`incident_pauses.paused_at <= now() - ${SHOWN}::interval`;
  await scoped`
    INSERT INTO incident_pauses (run_id, workspace_id, paused_by, reason, write_id)
    SELECT id, workspace_id, ${hold.by}::text, ${hold.reason}::text, ${hold.writeId}::text FROM runs
    WHERE ${isAmong(scoped, 'id', runIds)} AND ${inWorkspaces(scoped)} ORDER BY id
    ON CONFLICT (run_id) DO UPDATE SET paused_at = now(), paused_by = excluded.paused_by, reason = excluded.reason,
      write_id = excluded.write_id WHERE ${isFree}`;
}

/** With `writeId` those alone that this request holds. */
export async function releaseRuns(scoped: Scoped, runIds: readonly string[], writeId?: string): Promise<void> {
  const isItsOwn = writeId === undefined ? scoped`` : scoped`AND write_id = ${writeId}`;
  await scoped`
    DELETE FROM incident_pauses WHERE ${isAmong(scoped, 'run_id', runIds)} AND ${inWorkspaces(scoped)} ${isItsOwn}`;
}
