import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { FaultError } from '#core/fault.ts';
import { handleName } from '#core/ids.ts';
import type { ExecutorKind } from '#core/plan.ts';
import { readHostClock } from '#store/host-clock.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { Activities } from '../contract.ts';
import type { ExecutorHost, PreparedAttempt } from '../executor/port.ts';
import type { HostLeases } from '../lease/renew-leases.ts';
import type { AttemptRecords, ClaimRecords } from '../record/port.ts';
import { toFailure } from '../stage/failure.ts';
import { deriveNonce } from '../stage/nonce.ts';
import { createPlanCache, findStage } from '../stage/plan-cache.ts';
import type { BackgroundWork } from './background-work.ts';

export interface HostDeps {
  hostId: string;
  /** The host's private task queue. */
  queue: string;
  /** 0: the host can never be lost to another one (a laptop), so nothing is leased. */
  leaseMs: number;
  /** Silence after which a worker of it is taken for dead, ms; absent of the usual. */
  heartbeatMs?: number;
  markKey: string;
  records: AttemptRecords;
  claims: ClaimRecords;
  objects: ObjectStore;
  findHost(kind: ExecutorKind, dockerEndpoint: string | null): ExecutorHost;
  /** A run was opened or left here: its lease is to be kept, or no longer. */
  lease: Pick<HostLeases, 'keep' | 'drop'>;
  /**
   * While so many runs hold the host, whichever of its workers they came to, one is prepared when it claims it, which
   * saves its first stage the time. Beyond it a run is prepared by the first of its stages that executes: hundreds that
   * only wait are not to hold a network each.
   */
  maxPrepared: number;
  /** Removals of ended attempts that are still on their way. */
  background: Pick<BackgroundWork, 'settleRun'>;
  settleMs?: number;
  heartbeat?: () => void;
}

/** How long removals on their way are waited for; what they leave goes with the run. */
const SETTLE_MS = 10_000;
const HEARTBEAT_MS = 2_000;

/** As a local activity it has nobody to tell: the workflow task is kept by the worker itself. */
function tellTemporal(): void {
  const context = Context.current();
  if (!context.info.isLocal) context.heartbeat();
}

/** Claiming, opening and leaving a host (ARCHITECTURE §3.7, §3.9). Each may be repeated. */
export function createHostActivities(deps: HostDeps): Pick<Activities, 'openHost' | 'closeHost' | 'awaitHostGone'> {
  const loadPlan = createPlanCache(deps.objects);

  /** Runs an activity's work with a heartbeat beside it, and its faults as failures with their retry decision. */
  async function work<Result>(body: () => Promise<Result>): Promise<Result> {
    const beat = deps.heartbeat ?? tellTemporal;
    const heart = setInterval(beat, HEARTBEAT_MS);
    try {
      return await body();
    } catch (error) {
      throw toFailure(error);
    } finally {
      clearInterval(heart);
    }
  }

  return {
    openHost: ({ runId, executor, stages }) =>
      work(async () => {
        const context = await deps.records.findRunContext(runId);
        const plan = await loadPlan(context.plan);
        const host = deps.findHost(executor, context.dockerEndpoint);
        const fault = await host.check();
        if (fault) throw new FaultError(fault);
        const claim = { runId, hostId: deps.hostId, queue: deps.queue, leaseMs: deps.leaseMs };
        const claimedAt = readHostClock();
        const held = await deps.claims.claimHost(claim);
        await deps.lease.keep(runId, executor, context.dockerEndpoint, claimedAt);
        const hasCaches = plan.cacheScopes ? { runHasCaches: true as const } : {};
        const attempts = stages.map((name): PreparedAttempt => {
          const { shell, steps, caches } = findStage(plan, name);
          const handle = handleName(runId, name, 1);
          return {
            name: handle,
            shell,
            steps,
            nonce: deriveNonce(deps.markKey, handle),
            ...(caches ? { caches } : {}),
            ...hasCaches,
          };
        });
        if (held <= deps.maxPrepared) await host.openRun({ runId, source: context.source, attempts });
        const heartbeat = deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs };
        return { hostId: deps.hostId, queue: deps.queue, leaseMs: deps.leaseMs, ...heartbeat, executor };
      }),

    closeHost: ({ runId, hostId }) =>
      work(async () => {
        await deps.background.settleRun(runId, deps.settleMs ?? SETTLE_MS);
        const context = await deps.records.findRunContext(runId);
        const plan = await loadPlan(context.plan);
        const used = new Set(plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.executor] : [])));
        await Promise.all([...used].map((kind) => deps.findHost(kind, context.dockerEndpoint).closeRun(runId)));
        await deps.lease.drop(runId);
        await deps.claims.releaseClaim({ runId, hostId });
      }),

    awaitHostGone: ({ runId, hostId }) =>
      work(async () => {
        // From here on a renewal is refused, so what remains can only shrink: the host stops its programs before that.
        const { isLost, remainingMs } = await deps.claims.loseClaim({ runId, hostId });
        if (isLost) await delay(remainingMs);
        return { isGone: isLost };
      }),
  };
}
