import { randomUUID } from 'node:crypto';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Activities, EnvironmentState, Expansion } from '#activities/contract.ts';
import { createGroupActivities } from '#activities/group/group-activities.ts';
import { openHostWithRun } from '#activities/host/with-run.ts';
import type { AttemptResult, StageTask } from '#core/attempt.ts';
import { runWorkflowId } from '#core/ids.ts';
import type { Outline } from '#core/outline.ts';
import { CONTROL_QUEUE, hostQueue, PIPELINE_RUN } from '#core/queues.ts';
import type { RecordBatch, RunInput, RunResult } from '#core/run.ts';
import { describeNoRunner } from '#core/runner.ts';
import { ensureBundle } from '#temporal/bundle.ts';
import { createWorkers, installRuntime, runWorkers } from '#temporal/worker.ts';
import { startTemporalServer } from '../env/temporal-server.ts';
import { runInput } from './outlines.ts';

/** What a stage of a test does; unknown stages pass at once. */
export type Behaviour = (task: StageTask) => Promise<Partial<AttemptResult>> | Partial<AttemptResult>;

/** What comes of a matrix whose axes are outputs; unknown ones have no leg. */
export type Expand = (lists: Record<string, string>) => Expansion;

type AskedChild = Parameters<Activities['startChild']>[0];
type StartChild = (asked: AskedChild) => Awaited<ReturnType<Activities['startChild']>>;

export interface Harness {
  client: Client;
  /** Of the server. */
  address: string;
  /** Stage tasks in the order in which they began. */
  ledger: StageTask[];
  batches: RecordBatch[];
  /** Labels that the one machine has. */
  runners: Set<string>;
  /** Stages whose host nobody serves now, though it lives, with its lease in ms. */
  unserved: Map<string, number>;
  /** Whether claims say that there is no other machine. */
  beOnlyHost(is: boolean): void;
  /** What comes of a sweep that somebody asks for; else another one is at work. */
  sweepAs(sweep: Activities['prune']): void;
  behave(stage: string, behaviour: Behaviour): void;
  expand(stage: string, expand: Expand): void;
  /** By name; others are unknown. */
  environments: Map<string, EnvironmentState>;
  /** By the name of the pipeline; others are unknown. */
  children: Map<string, StartChild>;
  start(outline: Outline, given?: Partial<RunInput>): Promise<StartedRun>;
  stop(): Promise<void>;
}

export interface StartedRun {
  runId: string;
  workflowId: string;
  result(): Promise<RunResult | null>;
}

/** The real workflow on a real Temporal server and real workers; only the stages are the test's. `settings` are the server's. */
export async function startHarness(settings: readonly string[] = []): Promise<Harness> {
  installRuntime();
  const server = await startTemporalServer(settings);
  const behaviours = new Map<string, Behaviour>();
  const expansions = new Map<string, Expand>();
  const environments = new Map<string, EnvironmentState>();
  const children = new Map<string, StartChild>();
  const runners = new Set<string>();
  const unserved = new Map<string, number>();
  const ledger: StageTask[] = [];
  const batches: RecordBatch[] = [];
  let isOnlyHost = false;
  let prune: Activities['prune'] = async () => null;
  const clientConnection = await Connection.connect({ address: server.address });
  const client = new Client({ connection: clientConnection });
  const connection = await NativeConnection.connect({ address: server.address });
  const steered = steerableActivities(behaviours, expansions, ledger, batches, runners, unserved);
  const runs = {
    async claimRun({ runId, begin }: Parameters<Activities['claimRun']>[0]) {
      const written = { at: new Date().toISOString(), nodes: [], gates: [] };
      if (begin) batches.push({ runId, version: begin.version, run: begin.status, ...written });
      return { isOurs: true, isOnlyHost };
    },
    recordBatch: steered.recordBatch,
  };
  const workers = await createWorkers({
    tracing: null,
    connection,
    namespace: 'default',
    bundle: await ensureBundle(),
    activities: {
      ...steered,
      ...openHostWithRun(runs, steered, (error) => process.stderr.write(`${String(error)}\n`)),
      startChild: async (asked) => children.get(asked.pipeline)?.(asked) ?? refuseChild(asked.pipeline),
      findEnvironment: async ({ environment }) => environments.get(environment) ?? { kind: 'unknown' },
      prune: (asked) => prune(asked),
      ...createGroupActivities(client),
    },
    hostQueue: hostQueue('test'),
    maxStages: 100,
    queues: ['control', 'hosts'],
  });
  const stopping = new AbortController();
  const running = runWorkers(workers, connection, stopping.signal);
  return {
    client,
    address: server.address,
    ledger,
    batches,
    runners,
    unserved,
    beOnlyHost: (is) => void (isOnlyHost = is),
    sweepAs: (sweep) => void (prune = sweep),
    behave: (stage, behaviour) => void behaviours.set(stage, behaviour),
    environments,
    children,
    expand: (stage, expand) => void expansions.set(stage, expand),
    async start(outline, given) {
      const runId = randomUUID();
      const workflowId = runWorkflowId(runId);
      const handle = await client.workflow.start(PIPELINE_RUN, {
        workflowId,
        taskQueue: CONTROL_QUEUE,
        args: [runInput(runId, outline, given)],
      });
      return { runId, workflowId, result: () => handle.result() as Promise<RunResult | null> };
    },
    async stop() {
      stopping.abort();
      await running;
      await clientConnection.close();
      await server.stop();
      await Runtime.instance().shutdown();
    },
  };
}

function steerableActivities(
  behaviours: ReadonlyMap<string, Behaviour>,
  expansions: ReadonlyMap<string, Expand>,
  ledger: StageTask[],
  batches: RecordBatch[],
  runners: ReadonlySet<string>,
  unserved: ReadonlyMap<string, number>,
): Omit<Activities, 'claimRun' | 'askPlace' | 'findGoneRuns' | 'findEnvironment' | 'startChild' | 'prune'> {
  return {
    openHost: async ({ executor, stages }) => {
      const [leaseMs] = stages.flatMap((name) => unserved.get(name) ?? []);
      const queue = hostQueue(leaseMs === undefined ? 'test' : 'nobody');
      return { hostId: 'test', queue, leaseMs: leaseMs ?? 0, executor };
    },
    closeHost: async () => {},
    hasBegun: async ({ stage }) => ledger.some((task) => task.stage === stage),
    awaitHostGone: async () => ({ isGone: unserved.size === 0 }),
    recordBatch: async (batch) => void batches.push(batch),
    evaluateCondition: async ({ state }) => ({ value: state.success, values: {} }),
    reconcileAll: async () => ({ ended: [], paused: [], reaped: [], freed: 0, troubles: [] }),
    expandMatrix: async ({ stage, lists }) => expansions.get(stage)?.(lists) ?? { kind: 'none' },
    findRunner: async ({ labels }) =>
      labels.every((label) => runners.has(label))
        ? { kind: 'found', hostId: 'test', queue: hostQueue('test') }
        : { kind: 'none', reason: describeNoRunner(labels, [...runners]) },
    findWindow: async ({ now }) => ({ openAt: now }),
    async runStage(task) {
      ledger.push(task);
      const startedAt = new Date().toISOString();
      const given = await behaviours.get(task.stage)?.(task);
      return {
        attempt: task.attempt,
        ending: 'passed',
        exitCode: 0,
        started: true,
        logMatches: [],
        faultCode: null,
        step: null,
        reason: null,
        fault: null,
        outputs: {},
        artifacts: [],
        startedAt,
        endedAt: new Date().toISOString(),
        ...given,
      };
    },
  };
}

/** A stage that runs until it is cancelled. */
export async function hang(): Promise<Partial<AttemptResult>> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 100);
  try {
    await context.cancelled.catch(() => {});
    return { ending: 'cancelled', exitCode: 143 };
  } finally {
    clearInterval(beat);
  }
}

/** One whose worker lets go of it when it is cancelled; told that it was, it ends it. */
export async function letGo(task: StageTask): Promise<Partial<AttemptResult>> {
  if (task.isCancelled) return { ending: 'cancelled', exitCode: 143 };
  await hang();
  const failure = ApplicationFailure.retryable('let go of the stage: leave', 'stage-left');
  // It goes into recorded histories, which hold no path of a machine.
  failure.stack = '';
  throw failure;
}

function refuseChild(name: string) {
  return { kind: 'refused' as const, reason: { code: 'child-unknown', message: `there is no pipeline "${name}"` } };
}
