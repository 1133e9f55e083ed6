import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import {
  findAttemptResult,
  findAttemptStart,
  findExtension,
  recordAttemptEnd,
  recordAttemptStart,
  recordHeartbeat,
  recordLog,
} from '#db/queries/record-attempt.ts';
import { recordHold } from '#db/queries/record-hold.ts';
import { recordPreparing } from '#db/queries/record-preparing.ts';
import { findRunContext } from '#db/queries/run-context.ts';
import { countShells } from '#db/queries/shells.ts';
import { findStageTask } from './find-stage-task.ts';
import { PATIENCE_MS } from './patience.ts';
import type { AttemptRecords } from './port.ts';

/** What stage activities write and read, in Postgres. */
export function createAttemptRecords(database: Database): AttemptRecords {
  const patient = <Result>(act: () => Promise<Result>) => withPatience(act, PATIENCE_MS);
  return {
    findRunContext: (runId) => patient(() => findRunContext(database, runId)),
    findAttemptResult: (key) => patient(() => findAttemptResult(database, key)),
    findAttemptStart: (key) => patient(() => findAttemptStart(database, key)),
    findExtension: (key) => patient(() => findExtension(database, key)),
    attemptStarted: (key, facts) => patient(() => recordAttemptStart(database, key, facts)),
    attemptEnded: (key, end) => patient(() => recordAttemptEnd(database, key, end)),
    attemptHeld: (key, reason) => patient(() => recordHold(database, key, reason)),
    countShells: (key, since) => patient(() => countShells(database, key, since)),
    findStageTask: (key, plan) => patient(() => findStageTask(database, key, plan)),
    // What comes again by itself is not waited for.
    attemptPreparing: (key, reason) => recordPreparing(database, key, reason),
    attemptHeartbeat: (key, at) => recordHeartbeat(database, key, at),
    attemptLog: (key, log) => recordLog(database, key, log),
  };
}
