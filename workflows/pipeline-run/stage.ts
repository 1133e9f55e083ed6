import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  isCancellation,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import type {
  AttemptResult,
  AttemptSummary,
  HostClaim,
  PlaceQueued,
  Reason,
  RunFacts,
  StageTask,
} from '#core/attempt.ts';
import { MAX_EXTENSION_MS } from '#core/change.ts';
import type { Fault } from '#core/fault.ts';
import type { Growth } from '#core/growth.ts';
import type { OutlineStage } from '#core/outline.ts';
import type { NodeResult, RunInput } from '#core/run.ts';
import { settle } from '#core/settle.ts';
import { local, stageOn } from './activities.ts';
import { collectArtifacts, collectValues, type Book } from './book.ts';
import type { Clock } from './clock.ts';
import type { Graph } from './graph.ts';
import type { Hosts } from './hosts.ts';
import { endLeftBehind, isLeftBehind } from './left-behind.ts';
import type { Pause } from './pause.ts';
import type { Recorder } from './recorder.ts';
import { nowIso } from './self.ts';

/** For collecting artifacts and reports after the stage's own time is over (LANGUAGE §4). */
const COLLECT_MS = 10 * 60_000;
/** A stage without a time limit: as long as Temporal keeps a workflow's activity reasonable. */
const UNLIMITED_MS = 30 * 86_400_000;

/** Leases that a stage which its host has no room for is left in its queue, before anybody asks again. */
const MAX_PATIENCE = 64;

/** Between two looks for a machine with a stage's labels; each costs events of the history. */
const LOOK_AGAIN_MS = { first: 5_000, last: 600_000 };

const PLACE_HELD: Reason = { code: 'place-held', message: 'has its place; waits for its host' };

export interface StageContext {
  input: RunInput;
  graph: Graph;
  book: Book;
  hosts: Hosts;
  clock: Clock;
  pause: Pause;
  recorder: Recorder;
  /** Stages that may have a place of their workspace since they asked for one. */
  given: Set<string>;
  /** Whether this stage's scope was cancelled. */
  isStopped(name: string): boolean;
  /** Resolves when the run is stopped by force. */
  forced: Promise<void>;
  /** Why it was. */
  whyStopped(name: string): { ending: 'cancelled' | 'timed-out' | 'skipped'; reason: Reason };
}

/** `byActivity`: the activity has written this ending already, with the same {@link settle}. */
export interface StageEnd {
  result: NodeResult;
  byActivity: boolean;
  /** What it has added to the run. */
  growth?: Growth;
}

/**
 * Attempts of one stage until one settles it, after those it has had already. Runs in the stage's own cancellation
 * scope.
 */
export async function runAttempts(context: StageContext, stage: OutlineStage): Promise<StageEnd> {
  const attempts = [...context.book.attemptsOf(stage.name)];
  let queuedSince: string | null = null;
  let patience = 1;
  try {
    for (;;) {
      const result = await runAttempt(context, stage, attempts, patience);
      if (result === 'not-taken') {
        // Each time it costs events of the history.
        patience = Math.min(patience * 2, MAX_PATIENCE);
        continue;
      }
      if (result === null) return stopStage(context, stage, attempts);
      if ('queued' in result) {
        queuedSince ??= nowIso();
        const attempt = attempts.length + 1;
        await awaitPlace(context, { stage: stage.name, attempt, since: queuedSince, reason: result.queued });
        continue;
      }
      queuedSince = null;
      const { growth, ...attempt } = result.attempt;
      attempts.push(attempt);
      context.book.addAttempt(stage.name, attempt);
      // A forced stop takes the container away under the activity, which then has only an error to tell.
      const isTakenAway = result.attempt.ending === 'errored' && context.isStopped(stage.name);
      if (result.attempt.ending === 'cancelled' || isTakenAway) return stopStage(context, stage, attempts);
      const next = settle(stage, attempts);
      if (next.kind === 'ended') {
        const ended = { result: toResult(next.ending, attempts), byActivity: result.byActivity };
        return growth ? { ...ended, growth } : ended;
      }
      await sleep(next.afterMs, { summary: `${stage.name}: ${next.rule}` });
      if (context.pause.isOn) await context.pause.over();
    }
  } catch (error) {
    if (isCancellation(error)) return stopStage(context, stage, attempts);
    throw error;
  }
}

function toResult(ending: NodeResult['ending'], attempts: readonly AttemptResult[]): NodeResult {
  const last = attempts.at(-1);
  return {
    ending,
    reason: last?.reason ?? null,
    outputs: last?.outputs ?? {},
    artifacts: last?.artifacts ?? [],
    attempts: attempts.length,
    carriedFrom: null,
  };
}

function stopStage(context: StageContext, stage: OutlineStage, attempts: readonly AttemptResult[]): StageEnd {
  const { ending, reason } = context.whyStopped(stage.name);
  return { result: { ...toResult(ending, attempts), reason }, byActivity: false };
}

/** Nothing was begun: the place comes by a signal, and whether it is one is asked for again. */
async function awaitPlace(
  { book, recorder, given, pause }: StageContext,
  wanted: { stage: string; attempt: number; since: string; reason: Reason },
): Promise<void> {
  const { stage, since, reason } = wanted;
  book.setStatus(stage, { kind: 'queued', since, reason });
  recorder.poke();
  await condition(() => given.delete(stage));
  if (pause.isOn) await pause.over();
  await goOn({ book, recorder }, { ...wanted, reason: PLACE_HELD });
}

/** On record before the activity is called, whose own writes come next: nobody tells the run again then. */
async function goOn(
  { book, recorder }: Pick<StageContext, 'book' | 'recorder'>,
  { stage, attempt, since, reason }: { stage: string; attempt: number; since: string; reason: Reason },
): Promise<void> {
  book.setStatus(stage, { kind: 'queued', since, reason });
  recorder.poke();
  await recorder.drain();
  const now = nowIso();
  book.setStatus(stage, { kind: 'running', attempt, since: now, heartbeatAt: now }, 'recorded');
}

/**
 * The queue of a machine with the stage's labels; null when the run has claimed one already. While there is none it waits with the
 * reason: a machine that comes tells it by a signal, and it looks by itself too, ever more seldom.
 */
async function awaitRunner(
  context: StageContext,
  stage: OutlineStage,
  labels: string[],
  attempt: number,
): Promise<string | null> {
  const { book, hosts, recorder, given, pause } = context;
  if (hosts.has(stage)) return null;
  const since = nowIso();
  let hasWaited = false;
  for (let waitMs = LOOK_AGAIN_MS.first; ; waitMs = Math.min(waitMs * 2, LOOK_AGAIN_MS.last)) {
    const found = await local.findRunner({ labels });
    if (found.kind === 'found') {
      const reason: Reason = { code: 'runner-found', message: `waits for ${found.hostId}` };
      if (hasWaited) await goOn(context, { stage: stage.name, attempt, since, reason });
      return found.queue;
    }
    hasWaited = true;
    book.setStatus(stage.name, { kind: 'queued', since, reason: found.reason });
    recorder.poke();
    await condition(() => given.delete(stage.name), waitMs);
    if (pause.isOn) await pause.over();
  }
}

/**
 * One attempt; null when it was cancelled before it had anything to tell, `not-taken` when its host lives and has had no
 * room for it yet.
 */
async function runAttempt(
  context: StageContext,
  stage: OutlineStage,
  previous: readonly AttemptResult[],
  patience: number,
): Promise<{ attempt: AttemptResult; byActivity: boolean } | PlaceQueued | 'not-taken' | null> {
  const number = previous.length + 1;
  let claim: HostClaim;
  try {
    // Nothing is awaited for a stage without labels: recorded histories have the claim at once.
    const queue = stage.runsOn === undefined ? null : await awaitRunner(context, stage, stage.runsOn, number);
    claim = await context.hosts.claim(stage, queue);
  } catch (error) {
    if (isCancellation(error)) return null;
    // The machine that had the labels has gone since.
    if (stage.runsOn !== undefined && isNotTaken(error)) return 'not-taken';
    return { attempt: describeFailure(number, error, false), byActivity: false };
  }
  if (stage.runOn !== 'always') context.clock.enter();
  try {
    // The attempt keeps its own limit, which people may extend: Temporal's is there for one that does not.
    const ownMs = stage.timeoutMs === null ? UNLIMITED_MS : stage.timeoutMs + MAX_EXTENSION_MS;
    const limitMs = ownMs + stage.graceMs + COLLECT_MS;
    const summary = number === 1 ? stage.name : `${stage.name} · attempt ${number}`;
    const { runStage } = stageOn({ claim, leaseMs: claim.leaseMs * patience, limitMs, summary });
    const task: StageTask = {
      runId: context.input.runId,
      plan: context.graph.plans.get(stage.name) ?? context.input.plan,
      stage: stage.name,
      attempt: number,
      version: context.book.nextVersion(),
      run: context.input.run satisfies RunFacts,
      values: collectValues(stage.inputs, context.book.results),
      artifacts: collectArtifacts(stage.artifactsFrom, context.book.results),
      previous: previous.map(summarize),
      // Its host had no room for a task of it, or the one that took it fell silent.
      ...(patience > 1 ? { isAgain: true } : {}),
    };
    const attempt = await runStage(task).catch(async (error: unknown) => {
      if (!(await isLeftBehind(task, error))) throw error;
      const delivery = { claim, limitMs, summary, forced: context.forced };
      return endLeftBehind({ ...task, version: context.book.nextVersion() }, delivery);
    });
    return 'queued' in attempt ? attempt : { attempt, byActivity: true };
  } catch (error) {
    if (isCancellation(error)) return null;
    // A host without a lease is this machine: nobody else can take it over, so there is nothing to wait for.
    if (claim.leaseMs > 0 && isHostSilent(error)) {
      const isGone = await context.hosts.giveUp(claim).catch(() => true);
      if (!isGone && isNotTaken(error)) return 'not-taken';
    }
    return { attempt: describeFailure(number, error, true), byActivity: false };
  } finally {
    if (stage.runOn !== 'always') context.clock.leave();
  }
}

function summarize(attempt: AttemptResult): AttemptSummary {
  const { ending, exitCode, started, logMatches, faultCode } = attempt;
  return { attempt: attempt.attempt, ending, exitCode, started, logMatches, faultCode };
}

function isNotTaken(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}

/** Nobody has polled the host's own queue, or its last worker fell silent, for longer than its lease. */
function isHostSilent(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    (error.cause.timeoutType === 'SCHEDULE_TO_START' || error.cause.timeoutType === 'HEARTBEAT')
  );
}

/** An attempt that no activity could report on: the platform's fault, so `errored`. */
function describeFailure(attempt: number, error: unknown, started: boolean): AttemptResult {
  const fault = describeFault(error);
  const at = new Date(Date.now()).toISOString();
  return {
    attempt,
    ending: 'errored',
    exitCode: null,
    started,
    logMatches: [],
    faultCode: fault.code,
    step: null,
    reason: { code: fault.code, message: fault.message },
    fault,
    outputs: {},
    artifacts: [],
    startedAt: at,
    endedAt: at,
  };
}

/** The fault an activity failure carries: ours as first detail, else named after its cause. */
export function describeFault(error: unknown): Fault {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const detail: unknown = cause.details?.[0];
    if (isFault(detail)) return detail;
    return { code: cause.type ?? 'internal', message: cause.message, retry: { kind: 'no' } };
  }
  if (isHostSilent(error)) {
    return { code: 'host-lost', message: 'the host of this stage no longer answers', retry: { kind: 'no' } };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'worker-lost', message: `the stage could not be carried through: ${message}`, retry: { kind: 'no' } };
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
