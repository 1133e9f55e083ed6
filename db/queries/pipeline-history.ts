import type { Status } from '#core/run.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Runs that the figures of a pipeline are made of: as many as its bars. */
const RECENT = 30;
/** Runs in which branches are looked for. */
const FAR = 1_000;
const MOST_BRANCHES = 50;

export async function countRecentRuns(scoped: Scoped, pipelineId: string): Promise<number> {
  const [row] = await scoped<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (${recentRuns(scoped, pipelineId)}) AS recent`;
  return row?.count ?? 0;
}

/** Half of the attempts in which a stage passed took no longer. What was carried from another run took nothing. */
export function measureStages(
  scoped: Scoped,
  pipelineId: string,
): Promise<{ name: string; passed: number; p50Ms: number }[]> {
  return scoped<{ name: string; passed: number; p50Ms: number }[]>`
    SELECT stages.name, count(*)::int AS passed,
      percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM attempts.ended_at - attempts.started_at) * 1000)::float8 AS p50_ms
    FROM (${recentRuns(scoped, pipelineId)}) AS recent
      JOIN stages ON stages.run_id = recent.id
      JOIN attempts ON attempts.run_id = stages.run_id AND attempts.stage = stages.name
        AND attempts.attempt = stages.attempt_count
    WHERE stages.ending = 'passed' AND stages.carried_from IS NULL AND ${inWorkspaces(scoped, 'stages.workspace_id')}
      AND attempts.started_at IS NOT NULL AND attempts.ended_at IS NOT NULL
    GROUP BY stages.name ORDER BY stages.name`;
}

/** How often a stage passed in one run and failed in another of the same commit and plan. */
export function listTurnedStages(scoped: Scoped, pipelineId: string): Promise<{ name: string; times: number }[]> {
  return scoped<{ name: string; times: number }[]>`
    SELECT name, count(*)::int AS times FROM (
      SELECT stages.name FROM (${recentRuns(scoped, pipelineId)}) AS recent
        JOIN stages ON stages.run_id = recent.id
      WHERE stages.kind = 'stage' AND stages.carried_from IS NULL AND ${inWorkspaces(scoped, 'stages.workspace_id')}
        AND stages.ending IN ('passed', 'failed', 'timed-out')
      GROUP BY stages.name, recent.commit, recent.plan_digest
      HAVING bool_or(stages.ending = 'passed') AND bool_or(stages.ending <> 'passed')
    ) AS turned GROUP BY name`;
}

/** How earlier attempts of stages ended that passed in the end. The status is whole: it may hold any character. */
export function listEarlierAttempts(scoped: Scoped, pipelineId: string): Promise<{ name: string; status: Status }[]> {
  return scoped<{ name: string; status: Status }[]>`
    SELECT stages.name, attempts.status FROM (${recentRuns(scoped, pipelineId)}) AS recent
      JOIN stages ON stages.run_id = recent.id AND stages.attempt_count > 1
      JOIN attempts ON attempts.run_id = stages.run_id AND attempts.stage = stages.name
        AND attempts.attempt < stages.attempt_count
    WHERE stages.ending = 'passed' AND stages.carried_from IS NULL AND ${inWorkspaces(scoped, 'stages.workspace_id')}`;
}

/** The newest run of each branch that runs were asked for, the branch of the newest run first. */
export async function listBranches(scoped: Scoped, pipelineId: string): Promise<RunRow[]> {
  return scoped<RunRow[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (branch) * FROM (
        SELECT * FROM runs WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)} ORDER BY id DESC LIMIT ${FAR}
      ) AS recent WHERE branch IS NOT NULL ORDER BY branch, id DESC
    ) AS newest ORDER BY id DESC LIMIT ${MOST_BRANCHES}`;
}

function recentRuns(scoped: Scoped, pipelineId: string) {
  return scoped`
    SELECT id, commit, plan_digest FROM runs
    WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)} AND status_kind = 'ended'
    ORDER BY id DESC LIMIT ${RECENT}`;
}
