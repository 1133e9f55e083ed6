import type { AttemptResult, AttemptSummary, StageTask } from '#core/attempt.ts';
import { faultOf } from '#core/fault.ts';
import type { StagePlan } from '#core/plan.ts';
import { settle } from '#core/settle.ts';
import { type AttemptReport, NO_REPORT } from '#core/test-report.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import type { LogGroup } from '#store/log/port.ts';
import type { OutputSealer } from '#store/secret/port.ts';
import type { Executor, Handle } from '../executor/port.ts';
import type { AttemptEnd } from '../record/port.ts';
import type { OutputFacts } from './attempt-output.ts';
import { beginOfAttempt } from './begin-of-attempt.ts';
import type { StageCaches } from './caches.ts';
import type { DriveEnd } from './drive-attempt.ts';
import { endAttempt, type EndDeps } from './end-attempt.ts';
import { type Gathered, gatherArtifacts } from './gather-artifacts.ts';
import { judgeAttempt, type Verdict } from './judge-attempt.ts';
import { nameImages } from './name-images.ts';
import type { AttemptLog } from './open-log.ts';
import {
  findOutputTwice,
  findSecretOutput,
  MAX_OUTPUT_BYTES,
  nameOutputs,
  NO_OUTPUTS,
  parseOutputs,
} from './outputs.ts';
import { sealOutputs } from './secret-outputs.ts';
import type { StageServices } from './services.ts';
import { readWrittenStages, type WrittenStages } from './written-stages.ts';

export interface Conclusion {
  deps: EndDeps & { artifacts: ArtifactStore; sealedOutputs: OutputSealer; report(error: unknown, what: string): void };
  executor: Executor;
  task: StageTask;
  stage: StagePlan;
  end: Exclude<DriveEnd, { kind: 'left' }>;
  log: AttemptLog;
  /** Null for a stage that has none. */
  caches: StageCaches | null;
  /** Their logs end with the attempt. */
  services: StageServices | null;
  secrets: Readonly<Record<string, string>>;
  /** When this worker took the task; the attempt's own begin is the container's. */
  begunAt: string;
}

/**
 * An attempt is over: its log is closed, its verdict found, outputs and artifacts are taken, everything is recorded.
 * Answers the result that stands, which is another worker's if that one was faster.
 */
export async function concludeAttempt(conclusion: Conclusion): Promise<AttemptResult> {
  const { deps, task, stage, end, log } = conclusion;
  if (end.kind === 'fault') await log.breakOff(end.fault.message);
  await saveCaches(conclusion);
  const written = await takeStages(conclusion);
  const ended = await log.end();
  let verdict = judgeAttempt(end, stage, ended?.facts ?? null, ended?.index.groups ?? []);
  if (written.kind === 'refused') verdict = failBy(verdict, written.reason);
  let outputs: Record<string, string> = {};
  let artifacts: Gathered['artifacts'] = [];
  let report: AttemptReport = NO_REPORT;
  if (end.kind === 'exited' && verdict.ending !== 'errored') {
    try {
      const taken = await takeOutputs(conclusion, end.handle, ended?.facts ?? null, verdict);
      ({ verdict, outputs } = taken);
      const gathered = await takeArtifacts(conclusion, end.handle, verdict);
      ({ verdict, artifacts } = gathered);
      ({ verdict, report } = await takeReport(conclusion, end.handle, ended?.facts ?? null, verdict));
    } catch (error) {
      // A cancel waits for nothing, and may have taken the program's files away with it.
      if (verdict.ending !== 'cancelled') throw error;
      deps.report(error, `take what ${end.handle.name} left`);
    }
  }
  if (end.kind === 'fault' && end.handle !== null) await endLeftOver(conclusion, end.handle);

  await conclusion.services?.end();

  const handle = 'handle' in end ? end.handle : null;
  const create = ({ refusal, growth }: Parameters<Parameters<typeof endAttempt>[2]>[0]): AttemptEnd => {
    const judged = refusal ? failBy(verdict, refusal) : verdict;
    const result: AttemptResult = {
      attempt: task.attempt,
      ...judged,
      logMatches: ended?.logMatches ?? [],
      faultCode: verdict.fault?.code ?? null,
      outputs,
      artifacts: artifacts.map(({ reference }) => reference),
      startedAt: beginOfAttempt(conclusion.begunAt, handle?.startedAt ?? null),
      endedAt: end.kind === 'exited' ? end.exit.endedAt : new Date().toISOString(),
      programAt: handle?.startedAt ?? null,
      ...measureSteps(ended?.index.groups ?? []),
      ...(conclusion.caches ? { caches: conclusion.caches.uses() } : {}),
      savedAt: artifacts.length > 0 ? new Date().toISOString() : null,
      ...(growth ? { growth } : {}),
    };
    return {
      result,
      ...nameImages(handle, conclusion.services),
      settlement: settle(stage, [...task.previous, summarize(result)]),
      log: { bytes: ended?.index.bytes ?? 0, lines: ended?.index.lines ?? 0 },
      artifacts,
      report,
    };
  };
  const isGrowing = written.kind === 'text' && verdict.ending === 'passed';
  return endAttempt(deps, task, create, isGrowing ? written.text : null);
}

/** What a generator wrote; what is wrong with it is said in its log, so it is read before that ends. */
async function takeStages(conclusion: Conclusion): Promise<WrittenStages> {
  const { deps, end, log } = conclusion;
  const facts = end.kind === 'exited' && end.stopped === null ? await log.finish() : null;
  if (end.kind !== 'exited' || facts === null) return { kind: 'none' };
  const written = await readWrittenStages({ ...conclusion, loadCurrent: deps.loadCurrent }, end.handle, facts);
  if (written.kind !== 'none' && written.say !== '') await log.note(written.say);
  return written;
}

/** Before the log ends, which says what was kept; so before outputs and artifacts, which can still fail the stage. */
async function saveCaches({ caches, end, log, stage }: Conclusion): Promise<void> {
  if (caches === null || end.kind !== 'exited') return;
  const { ending, started } = judgeAttempt(end, stage, await log.finish(), []);
  if (!started) return;
  const tookMs = Math.max(0, Date.parse(end.exit.endedAt) - Date.parse(end.handle.startedAt));
  await caches.save({ ending, handle: end.handle, tookMs }, log.note);
}

/** The last step ends with the program, so one alone has nothing to tell. */
function measureSteps(groups: readonly Pick<LogGroup, 'durationMs'>[]): Pick<AttemptResult, 'stepMs'> {
  if (groups.length < 2) return {};
  return { stepMs: groups.slice(0, -1).flatMap(({ durationMs }) => (durationMs === null ? [] : durationMs)) };
}

export function summarize({
  attempt,
  ending,
  exitCode,
  started,
  logMatches,
  faultCode,
}: AttemptResult): AttemptSummary {
  return { attempt, ending, exitCode, started, logMatches, faultCode };
}

/** Outputs of a stage that ended by itself. Only one that passed can still fail by them. */
async function takeOutputs(
  { deps, executor, secrets, task }: Conclusion,
  handle: Handle,
  facts: OutputFacts | null,
  verdict: Verdict,
): Promise<{ verdict: Verdict; outputs: Record<string, string> }> {
  const hidden = facts?.written.has('secret-output')
    ? parseOutputs(await executor.readExchange(handle, 'secret-output', MAX_OUTPUT_BYTES), '$BUILDIT_SECRET_OUTPUT')
    : NO_OUTPUTS;
  if (hidden.kind === 'refused') return { verdict: failBy(verdict, hidden.reason), outputs: {} };
  const bytes =
    facts?.outputs?.kind === 'in-file'
      ? await executor.readExchange(handle, 'output', MAX_OUTPUT_BYTES)
      : Buffer.from(facts?.outputs?.text ?? '');
  const parsed = parseOutputs(bytes);
  if (parsed.kind === 'refused') return { verdict: failBy(verdict, parsed.reason), outputs: {} };
  const refusal =
    findOutputTwice(parsed.outputs, hidden.outputs) ??
    findSecretOutput(parsed.outputs, { ...secrets, ...nameOutputs(hidden.outputs) });
  if (refusal !== null) return { verdict: failBy(verdict, refusal), outputs: {} };
  return {
    verdict,
    outputs: { ...parsed.outputs, ...(await sealOutputs(hidden.outputs, deps.sealedOutputs, task.runId)) },
  };
}

async function takeArtifacts(
  { deps, executor, task, stage }: Conclusion,
  handle: Handle,
  verdict: Verdict,
): Promise<{ verdict: Verdict; artifacts: Gathered['artifacts'] }> {
  if (stage.artifacts.length === 0 || !verdict.started) return { verdict, artifacts: [] };
  try {
    const { artifacts, refusal } = await gatherArtifacts({
      executor,
      handle,
      store: deps.artifacts,
      stage,
      key: { runId: task.runId, stage: task.stage, attempt: task.attempt },
      ending: verdict.ending,
      now: Date.now(),
    });
    return { verdict: refusal === null ? verdict : failBy(verdict, refusal), artifacts };
  } catch (error) {
    const fault = faultOf(error);
    // What may pass is tried again as a whole: the ended attempt waits, its artifacts are saved under the same key.
    if (fault === null || fault.retry.kind === 'yes') throw error;
    if (verdict.ending === 'cancelled' || verdict.ending === 'timed-out') {
      deps.report(error, `take the artifacts of ${handle.name}`);
      return { verdict, artifacts: [] };
    }
    const { code, message } = fault;
    return { verdict: { ...verdict, ending: 'errored', reason: { code, message }, fault }, artifacts: [] };
  }
}

/** Also of a stage that failed or ran out of time: that is when they are read most. */
async function takeReport(
  { deps, executor, stage, secrets }: Conclusion,
  handle: Handle,
  facts: OutputFacts | null,
  verdict: Verdict,
): Promise<{ verdict: Verdict; report: AttemptReport }> {
  const written = facts?.written ?? new Set();
  const isAsked = stage.reports !== undefined || stage.notes !== undefined || written.has('summary');
  if (!isAsked || !verdict.started || verdict.ending === 'cancelled') return { verdict, report: NO_REPORT };
  try {
    const { ending } = verdict;
    const asked = { executor, handle, stage, written, ending, secrets: Object.values(secrets) };
    const { gatherReport } = await import('../report/gather-report.ts');
    const { report, refusal } = await gatherReport(asked);
    return { verdict: refusal === null ? verdict : failBy(verdict, refusal), report };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null || fault.retry.kind === 'yes') throw error;
    deps.report(error, `read the reports of ${handle.name}`);
    return { verdict, report: NO_REPORT };
  }
}

function failBy(verdict: Verdict, reason: Verdict['reason']): Verdict {
  return verdict.ending === 'passed' ? { ...verdict, ending: 'failed', reason } : verdict;
}

/** After a fault of ours the program may still run; nobody will ask for its result. */
export async function endLeftOver({ deps, executor, stage }: Conclusion, handle: Handle): Promise<void> {
  try {
    await executor.stop(handle, stage.graceMs);
  } catch (error) {
    deps.report(error, `stop ${handle.name}`);
  }
}
