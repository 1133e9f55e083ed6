import type { AttemptResult } from '#core/attempt.ts';
import { type Fault, faultOf } from '#core/fault.ts';
import { settle } from '#core/settle.ts';
import { NO_REPORT } from '#core/test-report.ts';
import { beginOfAttempt } from './begin-of-attempt.ts';
import { type Conclusion, endLeftOver, summarize } from './conclude-attempt.ts';
import { judgeAttempt } from './judge-attempt.ts';
import { nameImages } from './name-images.ts';

const STORE_FAULTS = new Set(['disk-full', 'store-failed']);

/** The fault of a store that takes nothing any more; null for any other error. */
export function findStoreFault(error: unknown): Fault | null {
  const fault = faultOf(error);
  return fault !== null && STORE_FAULTS.has(fault.code) ? fault : null;
}

/**
 * An attempt is over and the store does not take its log: it is errored by that, however its program ended, unless it
 * was to end anyway. What the database can take is recorded; whoever reads the log is told that its end is missing.
 */
export async function concludeUnstored(conclusion: Conclusion, fault: Fault): Promise<AttemptResult> {
  const { deps, task, stage, end, log } = conclusion;
  const handle = 'handle' in end ? end.handle : null;
  const report = (error: unknown): void => deps.report(error, `let go of the logs of ${task.stage}`);
  if (end.kind === 'fault' && handle !== null) await endLeftOver(conclusion, handle);
  await conclusion.services?.end().catch(report);
  await log.release().catch(report);
  const judged = judgeAttempt(end, stage, null, []);
  const wasToEnd = judged.ending === 'cancelled' || judged.ending === 'timed-out';
  const { code, message } = fault;
  const result: AttemptResult = {
    attempt: task.attempt,
    ...(wasToEnd ? judged : { ...judged, ending: 'errored', reason: { code, message }, fault }),
    ...{ logMatches: [], faultCode: wasToEnd ? null : code, outputs: {}, artifacts: [] },
    startedAt: beginOfAttempt(conclusion.begunAt, handle?.startedAt ?? null),
    endedAt: end.kind === 'exited' ? end.exit.endedAt : new Date().toISOString(),
    programAt: handle?.startedAt ?? null,
    savedAt: null,
  };
  const key = { runId: task.runId, stage: task.stage, attempt: task.attempt, version: task.version };
  return deps.records.attemptEnded(key, {
    result,
    ...nameImages(handle, conclusion.services),
    settlement: settle(stage, [...task.previous, summarize(result)]),
    ...{ log: log.durable(), artifacts: [], report: NO_REPORT },
  });
}
