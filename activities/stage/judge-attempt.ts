import type { AttemptEnding, Reason } from '#core/attempt.ts';
import { formatDuration } from '#core/duration.ts';
import { type Fault, NO_RETRY } from '#core/fault.ts';
import type { StagePlan } from '#core/plan.ts';
import type { LogGroup } from '#store/log/port.ts';
import type { OutputFacts } from './attempt-output.ts';
import type { DriveEnd, StopCause } from './drive-attempt.ts';

export interface Verdict {
  ending: AttemptEnding;
  exitCode: number | null;
  /** 1-based step that ended the attempt. */
  step: number | null;
  reason: Reason | null;
  fault: Fault | null;
  started: boolean;
}

/** What became of an attempt, from what the executor, the marks and the log say. Pure. */
export function judgeAttempt(
  end: Exclude<DriveEnd, { kind: 'left' }>,
  stage: Pick<StagePlan, 'timeoutMs' | 'resources'>,
  facts: OutputFacts | null,
  groups: readonly LogGroup[],
): Verdict {
  switch (end.kind) {
    case 'not-begun':
      return { ...BLANK, ending: 'cancelled', reason: CANCELLED, started: false };
    case 'service-failed':
      return { ...BLANK, ending: 'failed', reason: end.reason, started: false };
    case 'fault': {
      // It was to end anyway, and by whose hand it did in the end changes nothing (a forced close takes it away).
      if (end.stopped !== null) return { ...BLANK, ...describeStop(end.stopped, stage), started: end.started };
      const { code, message } = end.fault;
      return { ...BLANK, ending: 'errored', reason: { code, message }, fault: end.fault, started: end.started };
    }
    case 'exited':
      return judgeExit(end, stage, facts, groups);
    default:
      return end satisfies never;
  }
}

const BLANK = { exitCode: null, step: null, reason: null, fault: null, started: true } as const;
const CANCELLED: Reason = { code: 'cancelled', message: 'somebody asked for a cancel' };

function judgeExit(
  { exit, stopped }: Extract<DriveEnd, { kind: 'exited' }>,
  stage: Pick<StagePlan, 'timeoutMs' | 'resources'>,
  facts: OutputFacts | null,
  groups: readonly LogGroup[],
): Verdict {
  // The wrapper's own word is the truer one: after it only the runtime's clean-up can still change the exit code.
  const exitCode = facts?.eof ?? exit.code;
  const step = groups.findLast((group) => group.exitCode !== 0)?.step ?? null;
  const verdict: Verdict = { ...BLANK, ending: 'failed', exitCode, step };
  if (stopped !== null) return { ...verdict, ...describeStop(stopped, stage) };
  if (exit.refusal !== null) return { ...verdict, reason: exit.refusal, started: false };
  const isInterrupted = exit.lostContact && exitCode >= 128;
  if ((facts?.eof ?? null) === null || isInterrupted) {
    if (exit.outOfMemory) return { ...verdict, reason: describeMemory(stage.resources.memory) };
    return { ...verdict, ...describeKill(exitCode, exit.lostContact) };
  }
  if (exitCode === 0) return { ...verdict, ending: 'passed', step: null };
  if (exit.outOfMemory && exitCode >= 128) return { ...verdict, reason: describeMemory(stage.resources.memory) };
  return { ...verdict, reason: describeExit(exitCode, step) };
}

function describeStop(
  cause: StopCause,
  stage: Pick<StagePlan, 'timeoutMs'>,
): { ending: 'cancelled' | 'timed-out' | 'failed'; reason: Reason } {
  switch (cause.kind) {
    case 'cancel':
      return { ending: 'cancelled', reason: CANCELLED };
    case 'timeout': {
      const limit = formatDuration(stage.timeoutMs ?? 0);
      return { ending: 'timed-out', reason: { code: 'timeout', message: `its time limit of ${limit} expired` } };
    }
    case 'no-output': {
      const message = `it printed nothing for ${formatDuration(cause.silentMs)}`;
      return { ending: 'timed-out', reason: { code: 'no-output', message } };
    }
    case 'service':
      return { ending: 'failed', reason: cause.reason };
    default:
      return cause satisfies never;
  }
}

function describeExit(exitCode: number, step: number | null): Reason {
  const values = { exit: String(exitCode), ...(step === null ? {} : { step: String(step) }) };
  return { code: 'exit', message: step === null ? `exit ${exitCode}` : `exit ${exitCode} in step ${step}`, values };
}

function describeMemory(limit: number | null): Reason {
  const message =
    limit === null ? 'out of memory: the machine had none left' : `out of memory, limit ${formatBytes(limit)}`;
  return { code: 'out-of-memory', message, ...(limit === null ? {} : { values: { limit: String(limit) } }) };
}

/**
 * Its last mark never came and neither we nor a memory limit ended it: something outside did (a daemon that stopped, a
 * person with `docker kill`). That says nothing about the user's code.
 */
function describeKill(exitCode: number, lostContact: boolean): Pick<Verdict, 'ending' | 'reason' | 'fault'> {
  const fault: Fault = {
    code: 'stage-killed',
    message: lostContact
      ? 'the container runtime went away while the stage ran, and ended it'
      : 'the stage was killed from outside before it came to its end',
    cause: `exit ${exitCode} without an end`,
    fix: 'retry the stage; add retry on="infra" if this machine does that often',
    retry: NO_RETRY,
  };
  return { ending: 'errored', reason: { code: fault.code, message: fault.message }, fault };
}

function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= size) return `${Number((bytes / size).toFixed(1))} ${unit}`;
  }
  return `${bytes} B`;
}
