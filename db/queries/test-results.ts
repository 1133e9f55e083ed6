import type { TestOutcome } from '#core/test-report.ts';
import type { NoteRow, RunRow, TestResultRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A result with what is known of the same test elsewhere. */
export interface ComparedTestRow extends TestResultRow {
  /** Its last result in the branch's previous run that has one. */
  previousOutcome: TestOutcome | null;
  previousDurationMs: number | null;
  /** It passed and failed on this commit and plan. */
  wentBothWays: boolean;
}

export interface TestFilter {
  stage: string | null;
  outcome: TestOutcome | null;
}

/** Of a run, in the order in which they were written; one more than `limit` when there are more. */
export async function listTestResults(
  scoped: Scoped,
  run: Pick<RunRow, 'id' | 'pipelineId' | 'branch' | 'commit' | 'planDigest'>,
  { stage, outcome }: TestFilter,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<ComparedTestRow[]> {
  const isBackward = from?.direction === 'newer';
  const rows = await scoped<ComparedTestRow[]>`
    WITH page AS (
      SELECT * FROM test_results WHERE run_id = ${run.id} AND ${inWorkspaces(scoped)}
        ${stage === null ? scoped`` : scoped`AND stage = ${stage}`}
        ${outcome === null ? scoped`` : scoped`AND outcome = ${outcome}`}
        ${from === null ? scoped`` : isBackward ? scoped`AND id < ${from.id}` : scoped`AND id > ${from.id}`}
      ORDER BY id ${isBackward ? scoped`DESC` : scoped`ASC`} LIMIT ${limit + 1})
    SELECT page.*, previous.outcome AS previous_outcome, previous.duration_ms AS previous_duration_ms,
      page.flaky OR EXISTS (
        SELECT FROM test_results AS other JOIN runs ON runs.id = other.run_id
        WHERE ${isSameTest(scoped)} AND runs.pipeline_id = ${run.pipelineId}
          AND runs.commit IS NOT DISTINCT FROM ${run.commit} AND runs.plan_digest = ${run.planDigest}
          AND other.outcome <> 'skipped' AND page.outcome <> 'skipped'
          AND (other.outcome = 'passed') <> (page.outcome = 'passed')) AS went_both_ways
    FROM page LEFT JOIN LATERAL (
      SELECT other.outcome, other.duration_ms FROM test_results AS other JOIN runs ON runs.id = other.run_id
      WHERE ${isSameTest(scoped)} AND runs.pipeline_id = ${run.pipelineId} AND runs.id < ${run.id}
        AND runs.branch IS NOT DISTINCT FROM ${run.branch}
      ORDER BY other.id DESC LIMIT 1) AS previous ON true
    ORDER BY page.id`;
  return rows;
}

/** By the index of 0009, which a hash keeps small. */
function isSameTest(scoped: Scoped) {
  return scoped`other.workspace_id = page.workspace_id AND other.stage = page.stage
    AND md5(other.suite || chr(10) || other.name) = md5(page.suite || chr(10) || page.name)
    AND other.suite = page.suite AND other.name = page.name`;
}

/** One result of a test and the run it is of. */
export type TestOfRunRow = Pick<TestResultRow, 'id' | 'runId' | 'attempt' | 'outcome' | 'durationMs' | 'createdAt'> &
  Pick<RunRow, 'label' | 'branch' | 'commit'>;

/** The last results of the test that the result `id` of a run is of, newest first. */
export async function listTestHistory(
  scoped: Scoped,
  run: Pick<RunRow, 'id' | 'pipelineId'>,
  id: string,
  limit: number,
): Promise<TestOfRunRow[]> {
  return scoped<TestOfRunRow[]>`
    SELECT other.id, other.run_id, other.attempt, other.outcome, other.duration_ms, other.created_at, runs.label,
      runs.branch, runs.commit
    FROM test_results AS page
    JOIN test_results AS other ON ${isSameTest(scoped)}
    JOIN runs ON runs.id = other.run_id AND runs.pipeline_id = ${run.pipelineId}
    WHERE page.id = ${id} AND page.run_id = ${run.id} AND ${inWorkspaces(scoped, 'page.workspace_id')}
    ORDER BY other.id DESC LIMIT ${limit}`;
}

/** Notes of a run, in the order of its attempts' ends. */
export async function listNotes(scoped: Scoped, runId: string): Promise<NoteRow[]> {
  return scoped<NoteRow[]>`SELECT * FROM notes WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} ORDER BY id`;
}
