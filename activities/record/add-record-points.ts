import { addPoints, type ReachPoint } from '#core/crash-point.ts';
import type { Records } from './open-records.ts';

/** Records with the points around their commits: see core/crash-point.ts. */
export function addRecordPoints(records: Records, reach: ReachPoint): Records {
  return {
    ...records,
    attempts: addPoints(
      records.attempts,
      { attemptEnded: { before: 'result-before-commit', after: 'result-after-commit' } },
      reach,
    ),
    claims: addPoints(records.claims, { claimHost: { after: 'host-after-claim' } }, reach),
    runs: addPoints(
      records.runs,
      { recordBatch: { before: 'record-before-commit', after: 'record-after-commit' } },
      reach,
    ),
  };
}
