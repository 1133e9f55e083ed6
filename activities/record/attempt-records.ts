import type { Database } from '#db/client.ts';
import {
  findAttemptResult,
  recordAttemptEnd,
  recordAttemptStart,
  recordHeartbeat,
  recordLog,
} from '#db/queries/record-attempt.ts';
import { findRunContext } from '#db/queries/run-context.ts';
import type { AttemptRecords } from './port.ts';

/** What stage activities write and read, in Postgres. */
export function createAttemptRecords(database: Database): AttemptRecords {
  return {
    findRunContext: (runId) => findRunContext(database, runId),
    findAttemptResult: (key) => findAttemptResult(database, key),
    attemptStarted: (key, facts) => recordAttemptStart(database, key, facts),
    attemptHeartbeat: (key, at) => recordHeartbeat(database, key, at),
    attemptLog: (key, log) => recordLog(database, key, log),
    attemptEnded: (key, end) => recordAttemptEnd(database, key, end),
  };
}
