import { join } from 'node:path';
import type { Settings } from '#config/system/settings.ts';
import { addPoints, reachNothing, type ReachPoint } from '#core/crash-point.ts';
import { onFirstCall } from '#core/on-first-call.ts';
import { hostQueue } from '#core/queues.ts';
import { openStores } from '#store/open.ts';
import { openRunBytes } from '#store/run-bytes.ts';
import { connectSecretStore } from '#store/secret/connect.ts';
import type { Activities } from './contract.ts';
import { openExecutors } from './executor/select.ts';
import { createFindEnvironment } from './gate/find-environment.ts';
import { createGroupActivities, type GroupClient } from './group/group-activities.ts';
import { createBackgroundWork } from './host/background-work.ts';
import { createHostActivities } from './host/host-activities.ts';
import { readMarkKey } from './host/mark-key.ts';
import { openHostWithRun } from './host/with-run.ts';
import { openHostLeases } from './lease/open-host-leases.ts';
import { openReconcile } from './reconcile/open-reconcile.ts';
import type { WorkflowReader } from './reconcile/temporal-directory.ts';
import { addRecordPoints } from './record/add-record-points.ts';
import { openRecords } from './record/open-records.ts';
import { keepRunner } from './runner/keep-runner.ts';
import { openShells } from './shell/open-shells.ts';
import { awaitPlace } from './stage/await-place.ts';
import { createRunStage } from './stage/run-stage.ts';
import { openSourceFiles } from './stage/source-files.ts';

/** The activities of one worker process, with what they hold open. */
export interface OpenActivities {
  activities: Activities;
  /** Of this machine: a run that was claimed here stays here. */
  hostId: string;
  /** After the workers have stopped: finishes what was left in the background. */
  close(): Promise<void>;
}

export interface ActivityOptions {
  /** Hears 1 when a stage activity is in work and none was, 0 when none is any more: that is all its hearer asks for. */
  onStages: (count: number) => void;
  /** For comparing rows with workflows. */
  client: WorkflowReader & GroupClient;
  /** Tells a run that a stage of it may look for its machine again. */
  wake(runId: string, stage: string): Promise<void>;
  /** Rejects while Temporal does not answer: then this worker may not say that its host is alive. */
  contact(): Promise<void>;
  /** Told at the points of this process; absent of one that no test ends. */
  reach?: ReachPoint;
}

/**
 * Puts the activities of a worker process together. Nothing connects before it is needed, and what brings the compiler
 * of pipelines along is loaded by the first who calls it: the start of a worker is what a first run waits for.
 */
export async function openActivities(settings: Settings, options: ActivityOptions): Promise<OpenActivities> {
  const { dataFolder, databaseUrl, instanceId } = settings;
  const reach = options.reach ?? reachNothing;
  const stores = openStores({ dataFolder, reach });
  const { secrets } = stores;
  const named = connectSecretStore(settings);
  const markKey = await readMarkKey(dataFolder);
  // One worker takes everything, and no other can ever come to its queues.
  const isOnlyHost = settings.engine === 'embedded' && settings.host.leaseMs === 0 && settings.queues.length === 2;
  const records = addRecordPoints(
    openRecords(databaseUrl, isOnlyHost, (runId) => stores.secrets.forget(runId)),
    reach,
  );
  const executors = openExecutors({
    instance: instanceId,
    image: settings.boxImage,
    snapshots: stores.snapshots,
    processFolder: join(dataFolder, 'processes'),
    warmBoxes: settings.warmBoxes,
    cacheBytes: settings.cacheBytes,
    reach,
  });
  const source = openSourceFiles(stores.snapshots);
  const background = createBackgroundWork();
  const { id: hostId, leaseMs, heartbeatMs } = settings.host;
  const report = (error: unknown, what: string) => process.stderr.write(`${what}: ${String(error)}\n`);
  const reconciler = openReconcile({
    ...{ databaseUrl, client: options.client, executors, secrets, report },
    kept: {
      retention: settings.retention,
      objects: stores.objects,
      snapshotFolder: join(dataFolder, 'snapshots'),
      bytes: openRunBytes(stores),
      caches: { store: stores.caches, records: records.caches },
    },
    isOneOfSeveral: leaseMs > 0,
  });
  const leases = await openHostLeases(settings, { claims: records.claims, contact: options.contact, report });

  const runStage = createRunStage({
    hostId,
    heartbeatMs,
    markKey,
    records: records.attempts,
    objects: stores.objects,
    logs: stores.logs,
    artifacts: stores.artifacts,
    caches: { store: stores.caches, records: records.caches, limitBytes: settings.cacheBytes },
    source,
    secrets,
    secretStore: named.secretStore,
    sealedOutputs: named.outputs,
    findExecutor: (kind, endpoint) => executors.find(kind, endpoint).executor,
    background: (runId, work) => background.add(runId, work),
    report,
  });
  const host = createHostActivities({
    hostId,
    queue: hostQueue(hostId),
    leaseMs,
    heartbeatMs,
    markKey,
    records: records.attempts,
    claims: records.claims,
    objects: stores.objects,
    findHost: (kind, endpoint) => executors.find(kind, endpoint).host,
    lease: leases,
    maxPrepared: settings.maxStages,
    background,
  });
  const shells = openShells({
    databaseUrl,
    hostId,
    report,
    terminals: {
      records: records.attempts,
      objects: stores.objects,
      artifacts: stores.artifacts,
      source,
      find: (kind, endpoint) => executors.find(kind, endpoint),
      openSealed: (runId, sealed) => named.outputs.open(runId, sealed),
      openSecrets: ({ trigger }, key, names) =>
        trigger === 'local' ? secrets.open(key.runId, names) : named.secretStore.release({ ...key, names }),
    },
  });
  const runner = settings.queues.includes('hosts')
    ? keepRunner({
        runner: {
          ...{ hostId, queue: hostQueue(hostId), labels: [...settings.host.labels], leaseMs },
          ...{ version: settings.contentVersion, maxStages: settings.maxStages },
          processExecutor: settings.processExecutor,
        },
        records: records.runners,
        wake: (runId, stage) => options.wake(runId, stage),
        report,
      })
    : null;
  return {
    hostId,
    activities: {
      ...host,
      ...openHostWithRun(records.runs, host, report),
      runStage: countCalls(awaitPlace(records.places, runStage), options.onStages),
      evaluateCondition: onFirstCall(
        async () => (await import('./condition/evaluate-late-condition.ts')).evaluateLateCondition,
      ),
      findWindow: onFirstCall(async () => (await import('./gate/find-window.ts')).findWindow),
      hasBegun: async (attempt) => (await records.attempts.findAttemptStart(attempt)) !== null,
      findRunner: ({ labels }) => records.runners.findRunner(labels),
      ...addPoints(
        createGroupActivities(options.client),
        { askPlace: { before: 'lock-before-ask', after: 'lock-after-ask' } },
        reach,
      ),
      startChild: onFirstCall(async () =>
        (await import('./child/start-child.ts')).createStartChild({
          ...{ records: records.children, objects: stores.objects, transfers: stores.transfers, secrets },
          processExecutor: settings.processExecutor,
        }),
      ),
      findEnvironment: createFindEnvironment(records.environments),
      expandMatrix: onFirstCall(async () =>
        (await import('./growth/expand-matrix.ts')).createExpandMatrix({
          ...{ runs: records.attempts, records: records.growth, objects: stores.objects },
        }),
      ),
      reconcileAll: () => reconciler.reconcileAll(),
      prune: (input) => reconciler.prune(input),
    },
    async close() {
      await runner?.close();
      leases.close();
      await shells.close();
      await background.settleAll();
      await Promise.all([records.close(), named.close(), reconciler.close(), executors.close()]);
    },
  };
}

function countCalls<Input, Output>(call: (input: Input) => Promise<Output>, onChange: (count: number) => void) {
  let count = 0;
  return async (input: Input): Promise<Output> => {
    if (++count === 1) onChange(1);
    try {
      return await call(input);
    } finally {
      if (--count === 0) onChange(0);
    }
  };
}
