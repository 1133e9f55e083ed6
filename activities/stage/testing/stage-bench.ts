import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptResult, ObjectReference, StageTask } from '#core/attempt.ts';
import type { CacheScopes } from '#core/cache.ts';
import type { ExecutorKind, Plan, StagePlan } from '#core/plan.ts';
import { openStores, type Stores } from '#store/open.ts';
import { memoryOutputSealer, memorySecretStore } from '#store/secret/memory-secret-store.ts';
import type { SecretStore } from '#store/secret/port.ts';
import type { SnapshotStore } from '#store/snapshot/port.ts';
import type { Executor, ExecutorHost, RunSource } from '../../executor/port.ts';
import type { RunContext } from '../../record/port.ts';
import type { ControlReason, HeartbeatDetails, StageControl } from '../control.ts';
import { createRunStage, type StageDeps } from '../run-stage.ts';
import { openSourceFiles } from '../source-files.ts';
import { createMemoryCacheRecords, type MemoryCacheRecords } from './memory-cache-records.ts';
import { createMemoryRecords, type MemoryRecords } from './memory-records.ts';

/** One run with its stages, real stores and any number of workers, for tests of the stage activity. */
export interface StageBench {
  runId: string;
  folder: string;
  stores: Stores;
  records: MemoryRecords;
  cacheRecords: MemoryCacheRecords;
  /** A worker process as far as the stage activity can tell: nothing in memory is shared between two. */
  openWorker(): BenchWorker;
  taskOf(stage: string): StageTask;
  contextOf(): RunContext;
  /** The log as stored. */
  readLog(stage: string, attempt?: number): Promise<Buffer>;
  /** Errors that an attempt survived. */
  reports: string[];
  dispose(): Promise<void>;
}

export interface BenchWorker {
  executor: Executor;
  host: ExecutorHost;
  /** `delivery` as Temporal counts them. */
  run(stage: string, changes?: Partial<StageTask>, delivery?: number): BenchCall;
}

export interface BenchCall {
  result: Promise<AttemptResult>;
  /** What the surroundings say from now on. */
  tell(reason: ControlReason): void;
  heartbeats: HeartbeatDetails[];
}

export interface BenchOptions {
  stages: Partial<StagePlan>[];
  kind: ExecutorKind;
  image: string | null;
  source?: RunSource;
  openExecutor(stores: Stores, folder: string): { executor: Executor; host: ExecutorHost };
  secrets?: Record<string, string>;
  /** The run is one of a server, whose secrets are here. */
  stored?: Pick<SecretStore, 'release'>;
  dockerEndpoint?: string | null;
  patienceMs?: number;
  cacheScopes?: CacheScopes;
  cacheBytes?: number;
  snapshots?: Pick<SnapshotStore, 'list'>;
}

export async function openStageBench(options: BenchOptions): Promise<StageBench> {
  const folder = await mkdtemp(join(tmpdir(), 'stage-'));
  const stores = openStores({ dataFolder: folder });
  const records = createMemoryRecords();
  const cacheRecords = createMemoryCacheRecords();
  const runId = randomUUID();
  const plan = makePlan(options);
  const reference = await storePlan(stores, plan);
  if (options.secrets) await stores.secrets.seal(runId, options.secrets);
  records.contexts.set(runId, {
    runId,
    plan: reference,
    source: options.source ?? { kind: 'in-place', folder },
    environment: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', SHOULD_NOT_LEAK: '1' },
    envFile: {},
    dockerEndpoint: options.dockerEndpoint ?? null,
    secretFile: null,
    debug: null,
    trigger: options.stored ? 'api' : 'local',
  });
  const reports: string[] = [];
  const background = new Set<Promise<void>>();

  const taskOf = (stage: string): StageTask => ({
    runId,
    plan: reference,
    stage,
    attempt: 1,
    version: 1,
    run: { label: 'local/1', number: 1, attempt: 1, url: '', trigger: 'manual' },
    values: {},
    artifacts: [],
    previous: [],
  });

  return {
    taskOf,
    contextOf: () => records.contexts.get(runId) ?? fail(),
    runId,
    folder,
    stores,
    records,
    cacheRecords,
    reports,
    openWorker() {
      const { executor, host } = options.openExecutor(openStores({ dataFolder: folder }), folder);
      const mine = openStores({ dataFolder: folder });
      let control: StageControl | null = null;
      const deps: StageDeps = {
        hostId: 'bench',
        markKey: 'key',
        records,
        objects: mine.objects,
        logs: mine.logs,
        artifacts: mine.artifacts,
        caches: { store: mine.caches, records: cacheRecords, limitBytes: options.cacheBytes ?? 2 ** 30 },
        source: openSourceFiles(options.snapshots ?? mine.snapshots),
        secrets: mine.secrets,
        secretStore: options.stored ?? memorySecretStore(),
        sealedOutputs: memoryOutputSealer(),
        findExecutor: () => executor,
        background(_, work) {
          const working = work();
          background.add(working);
          void working.finally(() => background.delete(working));
        },
        report: (error, what) => reports.push(`${what}: ${String(error)}`),
        control: () => control ?? fail(),
        ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
      };
      const runStage = createRunStage(deps);
      return {
        executor,
        host,
        run(stage, changes = {}, delivery = 1) {
          const heartbeats: HeartbeatDetails[] = [];
          const made = makeControl(heartbeats, delivery);
          ({ control } = made);
          return { result: runStage({ ...taskOf(stage), ...changes }), tell: made.tell, heartbeats };
        },
      };
    },
    async readLog(stage, attempt = 1) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stores.logs.readBytes({ runId, stage, attempt }, 0, Number.MAX_SAFE_INTEGER))
        chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async dispose() {
      await Promise.allSettled(background);
      await options.openExecutor(stores, folder).host.closeRun(runId);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function makeControl(
  heartbeats: HeartbeatDetails[],
  delivery: number,
): { control: StageControl; tell(reason: ControlReason): void } {
  const aborting = new AbortController();
  let told: ControlReason | null = null;
  return {
    control: {
      signal: aborting.signal,
      reason: () => told,
      delivery,
      heartbeat: (details) => void heartbeats.push(details),
    },
    tell(reason) {
      told = reason;
      aborting.abort();
    },
  };
}

function makePlan({ stages, kind, image, cacheScopes }: BenchOptions): Plan {
  return {
    ...(cacheScopes ? { cacheScopes } : {}),
    version: 1,
    digest: 'bench',
    pipeline: { name: 'bench' },
    file: 'bench.kdl',
    params: {},
    git: null,
    groups: {},
    secrets: [],
    notices: [],
    nodes: stages.map((stage, index): StagePlan => ({
      kind: 'stage',
      name: `stage-${index + 1}`,
      stage: stage.name ?? `stage-${index + 1}`,
      leg: null,
      index: index + 1,
      needs: [],
      runOn: 'success',
      ifAllSkipped: 'skip',
      when: null,
      reads: [],
      executor: kind,
      image: image === null ? null : { ref: image, pull: 'never' },
      shell: ['sh', '-e'],
      steps: [{ script: 'true', title: 'true', line: 1 }],
      env: {},
      secrets: [],
      workdir: null,
      user: null,
      resources: { cpu: null, memory: null, pids: null, disk: null },
      timeoutMs: null,
      graceMs: 1_000,
      retry: [],
      allowFailure: null,
      artifacts: [],
      artifactsFrom: [],
      gate: null,
      ...stage,
    })),
  };
}

async function storePlan(stores: Stores, plan: Plan): Promise<ObjectReference> {
  const bytes = Buffer.from(JSON.stringify(plan));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const key = `plans/${digest}.json`;
  await stores.objects.put(key, bytes);
  return { key, digest, bytes: bytes.length };
}

function fail(): never {
  throw new Error('no call is on its way');
}

/** Steps from scripts. */
export function stepsOf(...scripts: string[]): StagePlan['steps'] {
  return scripts.map((script, index) => ({ script, title: script.slice(0, 20), line: index + 1 }));
}
