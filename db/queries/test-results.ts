import type { TestResultRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Of a run, by stage and the order in which they were written; one more than `limit` when there are more. */
export async function listTestResults(
  scoped: Scoped,
  runId: string,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<TestResultRow[]> {
  const isBackward = from?.direction === 'newer';
  const rows = await scoped<TestResultRow[]>`
    SELECT * FROM test_results WHERE run_id = ${runId} AND ${inWorkspaces(scoped)}
      ${from === null ? scoped`` : isBackward ? scoped`AND id < ${from.id}` : scoped`AND id > ${from.id}`}
    ORDER BY id ${isBackward ? scoped`DESC` : scoped`ASC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}
