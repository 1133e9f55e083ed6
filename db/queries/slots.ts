import { QUOTA_REASON, type PlaceWanted } from '#core/place.ts';
import type { Database, Queryable, Transaction } from '../client.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A stage that holds a place, or waits for one. */
export interface PlaceKey {
  runId: string;
  /** Leg. */
  stage: string;
}

/**
 * Takes a place of the run's workspace for a stage that is about to begin, or notes that it waits for one; null when it
 * may begin. Repeating it is harmless: a place that was taken or given stays. What has begun already, and a stage that
 * always runs, does not wait. Who asks waits for the workspace's quota row: one at a time, in an order all agree on.
 */
export async function takePlace(
  database: Database,
  place: PlaceKey & { attempt: number },
): Promise<PlaceWanted | null> {
  const { runId, stage } = place;
  // Most workspaces have no quota: one question settles it for them.
  const limits = await database`
    SELECT FROM runs JOIN quotas ON quotas.workspace_id = runs.workspace_id
    WHERE runs.id = ${runId} AND quotas.kind = 'stages-at-once' AND quotas.value IS NOT NULL`;
  if (limits.length === 0) return null;
  const answer = await database.begin(async (transaction) => {
    const [quota] = await transaction<
      { workspaceId: string; workspace: string; limit: number; priority: number; isExempt: boolean }[]
    >`
      SELECT quotas.workspace_id, organizations.name || '/' || workspaces.name AS workspace, quotas.value AS "limit",
        runs.priority,
        EXISTS (
          SELECT FROM attempts
          WHERE attempts.run_id = runs.id AND stage = ${stage} AND attempt = ${place.attempt} AND started_at IS NOT NULL
        ) OR EXISTS (
          SELECT FROM stages WHERE stages.run_id = runs.id AND name = ${stage} AND run_on = 'always'
        ) AS is_exempt
      FROM runs JOIN quotas ON quotas.workspace_id = runs.workspace_id AND quotas.kind = 'stages-at-once'
        JOIN workspaces ON workspaces.id = runs.workspace_id
        JOIN organizations ON organizations.id = workspaces.organization_id
      WHERE runs.id = ${runId} AND quotas.value IS NOT NULL
      FOR UPDATE OF quotas`;
    if (!quota) return { wanted: null };
    const { workspaceId, workspace, limit, priority } = quota;
    const [known] = await transaction<{ isTaken: boolean }[]>`
      SELECT taken_at IS NOT NULL AS is_taken FROM slots WHERE run_id = ${runId} AND stage = ${stage}`;
    if (known?.isTaken) return { wanted: null };
    const used = await countTaken(transaction, workspaceId);
    const [queue] = await transaction<{ ahead: number }[]>`
      SELECT count(*)::int AS ahead FROM slots JOIN runs ON runs.id = slots.run_id
      WHERE slots.workspace_id = ${workspaceId} AND taken_at IS NULL AND runs.status_kind <> 'paused'
        AND (slots.priority, asked_at) < (${priority}, coalesce(
          (SELECT asked_at FROM slots WHERE run_id = ${runId} AND stage = ${stage}), 'infinity'))`;
    const ahead = queue?.ahead ?? 0;
    const mayBegin = quota.isExempt || used + ahead < limit;
    await transaction`
      INSERT INTO slots (workspace_id, run_id, stage, priority, asked_at, taken_at)
      VALUES (${workspaceId}, ${runId}, ${stage}, ${priority}, clock_timestamp(), ${mayBegin ? transaction`now()` : null})
      ON CONFLICT (run_id, stage) DO UPDATE SET taken_at = excluded.taken_at`;
    return { wanted: mayBegin ? null : { ahead, limit, workspace } };
  });
  return answer.wanted;
}

/** The statement that gives the places of these stages, at least one, back; with null all of the run. */
export function releasePlaces(queryable: Queryable, runId: string, stages: readonly string[] | null) {
  return stages === null
    ? queryable`DELETE FROM slots WHERE run_id = ${runId}`
    : queryable`DELETE FROM slots WHERE run_id = ${runId} AND stage IN ${queryable([...stages])}`;
}

/** Gives back places of what has ended; answers how many. There are none but by a defect, or by hand. */
export async function freePlaces(database: Database): Promise<number> {
  const rows = await database`
    DELETE FROM slots USING stages
    WHERE stages.run_id = slots.run_id AND stages.name = slots.stage AND stages.status_kind = 'ended'
    RETURNING slots.stage`;
  return rows.length;
}

/**
 * Gives free places to those who wait, the first by priority, then by time; a paused run is passed over and gives back
 * what it was given and has not used. Answers who has a place and may not know it.
 */
export async function givePlaces(database: Database): Promise<PlaceKey[]> {
  const waiting = await database<{ workspaceId: string }[]>`
    SELECT DISTINCT slots.workspace_id FROM slots JOIN stages ON stages.run_id = slots.run_id AND stages.name = slots.stage
    WHERE taken_at IS NULL OR stages.status_kind <> 'running'`;
  const given: PlaceKey[] = [];
  for (const { workspaceId } of waiting) given.push(...(await giveOfWorkspace(database, workspaceId)));
  return [...given, ...(await listForgotten(database))];
}

/** Stages that wait for a place without standing in the queue: whoever restores or repairs rows may do that. They ask again. */
function listForgotten(database: Database): Promise<PlaceKey[]> {
  return database<PlaceKey[]>`
    SELECT run_id, name AS stage FROM stages
    WHERE status_kind = 'queued' AND status -> 'reason' ->> 'code' = ${QUOTA_REASON}
      AND NOT EXISTS (SELECT FROM slots WHERE slots.run_id = stages.run_id AND slots.stage = stages.name)`;
}

async function giveOfWorkspace(database: Database, workspaceId: string): Promise<PlaceKey[]> {
  const answer = await database.begin(async (transaction) => {
    const [quota] = await transaction<{ value: number | null }[]>`
      SELECT value FROM quotas WHERE workspace_id = ${workspaceId} AND kind = 'stages-at-once' FOR UPDATE`;
    await transaction`
      UPDATE slots SET taken_at = NULL FROM runs, stages
      WHERE slots.workspace_id = ${workspaceId} AND runs.id = slots.run_id AND runs.status_kind = 'paused'
        AND stages.run_id = slots.run_id AND stages.name = slots.stage AND stages.status_kind = 'queued'
        AND taken_at < now() - ${UNANSWERED}::interval`;
    const limit = quota?.value ?? null;
    const free = limit === null ? null : Math.max(0, limit - (await countTaken(transaction, workspaceId)));
    const taken = await transaction<PlaceKey[]>`
      UPDATE slots SET taken_at = now()
      WHERE (run_id, stage) IN (
        SELECT slots.run_id, slots.stage FROM slots JOIN runs ON runs.id = slots.run_id
        WHERE slots.workspace_id = ${workspaceId} AND taken_at IS NULL AND runs.status_kind <> 'paused'
        ORDER BY slots.priority, asked_at LIMIT ${free})
      RETURNING run_id, stage`;
    const unanswered = await transaction<PlaceKey[]>`
      SELECT slots.run_id, slots.stage FROM slots
        JOIN stages ON stages.run_id = slots.run_id AND stages.name = slots.stage
      WHERE slots.workspace_id = ${workspaceId} AND stages.status_kind = 'queued'
        AND stages.status -> 'reason' ->> 'code' = ${QUOTA_REASON} AND taken_at < now() - ${UNANSWERED}::interval`;
    return [...taken, ...unanswered];
  });
  return answer;
}

/** A place that was given for so long without use: its owner may not have heard of it. */
const UNANSWERED = '5 seconds';

/** What holds a place: also what began before there was a quota. Local runs are not counted: they have none. */
async function countTaken(transaction: Transaction, workspaceId: string): Promise<number> {
  const [row] = await transaction<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT run_id, stage FROM slots WHERE workspace_id = ${workspaceId} AND taken_at IS NOT NULL
      UNION
      SELECT stages.run_id, stages.name FROM stages JOIN runs ON runs.id = stages.run_id
      WHERE stages.workspace_id = ${workspaceId} AND stages.status_kind = 'running' AND runs.trigger <> 'local'
    ) AS taken`;
  return row?.count ?? 0;
}

/** Stages of a run that wait for a place, with how many come before each now. */
export function listPlacesWanted(scoped: Scoped, runId: string): Promise<(PlaceWanted & { stage: string })[]> {
  return scoped<(PlaceWanted & { stage: string })[]>`
    WITH queue AS (
      SELECT slots.run_id, slots.stage, slots.workspace_id,
        (row_number() OVER (ORDER BY slots.priority, asked_at) - 1)::int AS ahead
      FROM slots JOIN runs ON runs.id = slots.run_id
      WHERE slots.workspace_id = (SELECT workspace_id FROM runs WHERE id = ${runId}) AND taken_at IS NULL
        AND runs.status_kind <> 'paused' AND ${inWorkspaces(scoped, 'slots.workspace_id')})
    SELECT queue.stage, queue.ahead, quotas.value AS "limit", organizations.name || '/' || workspaces.name AS workspace
    FROM queue JOIN quotas ON quotas.workspace_id = queue.workspace_id AND quotas.kind = 'stages-at-once'
      JOIN workspaces ON workspaces.id = queue.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE queue.run_id = ${runId} AND quotas.value IS NOT NULL`;
}
