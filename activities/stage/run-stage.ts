import { ApplicationFailure } from '@temporalio/common';
import type { AttemptResult, StageTask } from '#core/attempt.ts';
import { faultOf } from '#core/fault.ts';
import { beatEvery } from '#core/heartbeat.ts';
import { handleName } from '#core/ids.ts';
import type { ExecutorKind, Plan } from '#core/plan.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import type { LogStore } from '#store/log/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { OutputSealer, RunSecretStore, SecretStore } from '#store/secret/port.ts';
import type { Executor } from '../executor/port.ts';
import type { AttemptRecords } from '../record/port.ts';
import { beginOfAttempt } from './begin-of-attempt.ts';
import { type CacheDeps, openStageCaches, type StageCaches } from './caches.ts';
import { concludeAttempt, type Conclusion } from './conclude-attempt.ts';
import { concludeUnstored, findStoreFault } from './conclude-unstored.ts';
import type { StageControl } from './control.ts';
import { driveAttempt, isOvertaken } from './drive-attempt.ts';
import { toFailure } from './failure.ts';
import { openHolds } from './hold.ts';
import { nameImages } from './name-images.ts';
import { deriveNonce } from './nonce.ts';
import { type AttemptLog, openAttemptLog } from './open-log.ts';
import { createPlanCache, findStage } from './plan-cache.ts';
import { createProgress } from './progress.ts';
import { resolveStage, type ResolvedStage } from './resolve-stage.ts';
import { openServiceLog } from './service-log.ts';
import { openStageServices, type StageServices } from './services.ts';
import type { SourceFiles } from './source-files.ts';
import { asCancelled, currentControl } from './temporal-control.ts';
import type { CurrentPlan } from './written-stages.ts';

export interface StageDeps {
  hostId: string;
  /** Silence after which this worker is taken for dead, ms; absent of the usual 5 s. */
  heartbeatMs?: number;
  /** From which the nonces of the marks are derived: the same for all workers of a host, unknown to stages. */
  markKey: string;
  records: AttemptRecords;
  objects: ObjectStore;
  logs: LogStore;
  artifacts: ArtifactStore;
  /** Of local runs, which bring their own. */
  secrets: RunSecretStore;
  /** Of all others. */
  secretStore: Pick<SecretStore, 'release'>;
  /** Of what stages put out as secrets. */
  sealedOutputs: OutputSealer;
  findExecutor(kind: ExecutorKind, dockerEndpoint: string | null): Executor;
  caches: CacheDeps;
  /** Of runs' snapshots. */
  source: SourceFiles;
  /** Work that the result does not wait for; whoever composes awaits it before the process ends. */
  background(runId: string, work: () => Promise<void>): void;
  /** Something went wrong that the attempt survives. */
  report(error: unknown, what: string): void;
  control?: () => StageControl;
  /** How long a runtime that does not answer is waited for. */
  patienceMs?: number;
}

/**
 * One attempt of one stage (ARCHITECTURE §3). May be called again with the same task at any time, here or in another
 * process: a recorded result is answered as it stands, a program that exists is attached to, and only what never was
 * is begun.
 */
export function createRunStage(deps: StageDeps): (task: StageTask) => Promise<AttemptResult> {
  const loadPlan = createPlanCache(deps.objects);
  // On a timer, not with the output: silence of a program is no sign of death (ARCHITECTURE §3.2).
  const beatMs = beatEvery(deps.heartbeatMs);

  /** The run's plan by now: with what other generators have added. */
  async function loadCurrent(runId: string): Promise<CurrentPlan> {
    const { plan: reference, envFile } = await deps.records.findRunContext(runId);
    return { reference, envFile, plan: await loadPlan(reference) };
  }

  async function runStage(task: StageTask): Promise<AttemptResult> {
    const { runId, attempt, version } = task;
    const key = { runId, stage: task.stage, attempt };
    const [recorded, context, plan] = await Promise.all([
      deps.records.findAttemptResult(key),
      deps.records.findRunContext(runId),
      loadPlan(task.plan),
    ]);
    if (recorded) return recorded;
    const stage = findStage(plan, task.stage);
    const executor = deps.findExecutor(stage.executor, context.dockerEndpoint);
    const surroundings = (deps.control ?? currentControl)();
    const control = task.isCancelled ? asCancelled(surroundings) : surroundings;
    const name = handleName(runId, stage.name, attempt);
    const progress = createProgress(deps, { ...key, version });
    let begunAt = new Date().toISOString();
    const log = openAttemptLog(deps, key, stage, progress);
    let timeoutMs = stage.timeoutMs;
    let services: StageServices | null = null;
    const findTimeoutMs = async () => {
      if (stage.timeoutMs !== null) timeoutMs = stage.timeoutMs + (await deps.records.findExtension(key));
      return timeoutMs;
    };

    const tellTemporal = (): void => control.heartbeat({ handle: name, rawBytes: log.rawBytes() });
    const beat = (): void => {
      tellTemporal();
      progress.heartbeat();
    };
    // A task that was delivered before may have been called off meanwhile; of a new one there is nothing to be heard yet.
    if (control.delivery > 1) tellTemporal();
    const heart = setInterval(beat, beatMs);
    try {
      const resolved = await resolve(() =>
        resolveStage({
          task,
          plan,
          stage,
          context,
          nonce: deriveNonce(deps.markKey, name),
          artifacts: deps.artifacts,
          source: deps.source,
          openSecrets: (names) =>
            context.trigger === 'local'
              ? deps.secrets.open(runId, names)
              : deps.secretStore.release({ ...key, environment: stage.environment ?? null, names }),
          openSealed: (sealed) => deps.sealedOutputs.open(runId, sealed),
        }),
      );
      const caches = 'fault' in resolved ? null : await openCaches(deps, executor, { task, plan, control }, resolved);
      services = 'fault' in resolved ? null : openServices(deps, executor, key, resolved);
      const { debug } = context;
      const holds = openHolds({
        ...{ records: deps.records, key: { ...key, version }, debug, stage: stage.stage, control },
      });
      if (!('fault' in resolved) && (await holds.beforeBegin())) begunAt = new Date().toISOString();
      const end =
        'fault' in resolved
          ? ({ kind: 'fault', fault: resolved.fault, handle: null, started: false, stopped: null } as const)
          : await driveAttempt({
              executor,
              spec: { ...resolved.spec, ...(caches ? { caches: caches.trees } : {}), onPull: progress.pulling },
              control,
              timeoutMs: stage.timeoutMs,
              findTimeoutMs,
              graceMs: stage.graceMs,
              noOutputMs: stage.noOutputTimeoutMs ?? null,
              services,
              async hasBegunBefore() {
                const isFirst = control.delivery === 1 && !task.isAgain;
                if (isFirst || (await deps.records.findAttemptStart(key)) === null) return false;
                // An operator who resets it wants it to begin again.
                return !(await log.wasReset());
              },
              ...(deps.patienceMs === undefined ? {} : { patienceMs: deps.patienceMs }),
              async openOutput(handle) {
                progress.started(beginOfAttempt(begunAt, handle.startedAt), nameImages(handle, services));
                const output = await log.open(handle, resolved);
                await caches?.begun(handle, log.note);
                return output;
              },
            });
      if (!(await holds.afterFailure(end))) {
        await services?.release();
        await log.release();
        throw describeLeaving('leave');
      }
      if (end.kind === 'left') {
        if (end.reason === 'reset') {
          await reset(executor, log, name, runId, stage.graceMs);
          await services?.reset();
        } else {
          await services?.release();
          await log.release();
        }
        throw describeLeaving(end.reason);
      }
      if (end.kind === 'fault' && end.handle === null && end.fault.code === 'attempt-lost' && !('fault' in resolved)) {
        // What an earlier worker wrote of it is ended here, by whoever finds out that no more will come.
        const startedAt = (await deps.records.findAttemptStart(key)) ?? begunAt;
        await log.open({ name, runId, startedAt, state: 'exited', image: null, created: false }, resolved);
      }
      const conclusion: Conclusion = {
        deps: { ...deps, loadCurrent: () => loadCurrent(runId) },
        executor,
        task,
        stage: { ...stage, timeoutMs },
        end,
        log,
        caches,
        services,
        secrets: 'fault' in resolved ? {} : resolved.secrets,
        begunAt,
      };
      const result = await concludeAttempt(conclusion).catch((error: unknown) => {
        const fault = findStoreFault(error);
        if (fault === null) throw error;
        return concludeUnstored(conclusion, fault);
      });
      // The container goes only now that its result is on record (ARCHITECTURE §3.5); nobody waits for it.
      deps.background(runId, async () => {
        try {
          await executor.remove({ name, runId });
          await services?.remove();
        } catch (error) {
          deps.report(error, `remove ${name}`);
        }
      });
      return result;
    } catch (error) {
      await services?.release();
      await log.release().catch((released: unknown) => deps.report(released, `release the log of ${name}`));
      throw isOvertaken(faultOf(error)) ? describeLeaving('leave') : error;
    } finally {
      clearInterval(heart);
      progress.stop();
    }
  }

  return async (task) => {
    try {
      return await runStage(task);
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** Null for a stage that has none. */
async function openCaches(
  deps: StageDeps,
  executor: Executor,
  { task, plan, control }: { task: StageTask; plan: Plan; control: StageControl },
  { spec, caches }: ResolvedStage,
): Promise<StageCaches | null> {
  if (caches.length === 0) return null;
  const scopes = plan.cacheScopes ?? { read: [], write: null };
  const inputs = task.artifacts;
  return openStageCaches({ deps: { ...deps, ...deps.caches }, executor, spec, inputs, scopes, control }, caches);
}

/** Null for a stage that has none; one that has none where it runs was refused before. */
function openServices(
  deps: StageDeps,
  executor: Executor,
  key: { runId: string; stage: string; attempt: number },
  { spec, secrets }: ResolvedStage,
): StageServices | null {
  if (spec.services.length === 0) return null;
  const runtime = executor.services;
  if (runtime === undefined) throw new Error(`the executor ${executor.kind} has no services for ${spec.stage}`);
  return openStageServices({
    runtime,
    attempt: spec,
    openLog: ({ name, ready }) =>
      openServiceLog(deps, { ...key, service: name }, { ready, masks: Object.values(secrets), handle: spec.name }),
    report: deps.report,
  });
}

/** Temporal delivers the task again, if it has not already done so. */
function describeLeaving(reason: 'leave' | 'reset'): ApplicationFailure {
  return ApplicationFailure.retryable(`let go of the stage: ${reason}`, 'stage-left');
}

/** A value or secret that is missing ends the attempt `errored`; it is a result, not a reason to try again. */
async function resolve(work: () => Promise<ResolvedStage>) {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.retry.kind === 'no') return { fault };
    throw error;
  }
}

async function reset(executor: Executor, log: AttemptLog, name: string, runId: string, graceMs: number): Promise<void> {
  const handle = await executor.find({ name, runId });
  if (handle === null) return log.release();
  await executor.stop(handle, graceMs);
  // Before the program goes: whoever comes next must not take its output for the new one's.
  await log.releaseForReset();
  await executor.remove(handle, { again: true });
}
