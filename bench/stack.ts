import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { openActivities } from '#activities/index.ts';
import type { Starter } from '#api/accept/commit-run.ts';
import { startRun } from '#api/accept/start-run.ts';
import { loadLocalPrincipal } from '#api/access/local-principal.ts';
import { scopeOfPrincipal } from '#api/access/principal.ts';
import type { ApiContext } from '#api/context.ts';
import { createPortKeeper } from '#api/port/keeper.ts';
import { startRelay } from '#api/relay.ts';
import { openHub } from '#api/stream/hub.ts';
import { openMetrics } from '#api/traffic/metrics.ts';
import { openWebBundle } from '#api/web/bundle.ts';
import { connectWorkflows } from '#api/workflows/temporal-gateway.ts';
import { compile } from '#config/pipeline/compile.ts';
import { runWorkflowId } from '#core/ids.ts';
import { hostQueue } from '#core/queues.ts';
import { inScope } from '#db/scope.ts';
import { openStores } from '#store/open.ts';
import { openSecretParts } from '#store/secret/connect.ts';
import { ensureBundle } from '#temporal/bundle.ts';
import { createWorkers, installRuntime, runWorkers } from '#temporal/worker.ts';
import { createMigratedDatabase } from '#test/env/databases.ts';
import { startPostgres } from '#test/env/postgres.ts';
import { testSettings } from '#test/env/settings.ts';
import { startTemporalServer } from '#test/env/temporal-server.ts';

/** Worker and API in this process, on a Postgres and a Temporal of their own; stages run in the fake executor. */
export interface Stack {
  client: Client;
  /** When each stage activity began, ms, in order. */
  begins: { runId: string; stage: string; at: number }[];
  /** Starts a run of this text; resolves with its id when it has ended. */
  run(text: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  installRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'buildit-bench-'));
  const [postgres, temporal] = await Promise.all([startPostgres(), startTemporalServer()]);
  const { url, database } = await createMigratedDatabase(postgres);
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection });
  await mkdir(join(folder, 'data'));
  const settings = testSettings(folder, {
    BUILDIT_INSTANCE: 'bench',
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
  });
  const opened = await openActivities(settings, {
    client,
    wake: async () => {},
    contact: async () => {},
    onStages: () => {},
  });
  const begins: Stack['begins'] = [];
  const runStage: typeof opened.activities.runStage = (task) => {
    begins.push({ runId: task.runId, stage: task.stage, at: performance.now() });
    return opened.activities.runStage(task);
  };
  const workers = await createWorkers({
    tracing: null,
    connection,
    namespace: 'default',
    bundle: await ensureBundle(),
    activities: { ...opened.activities, runStage },
    hostQueue: hostQueue(opened.hostId),
    maxStages: settings.maxStages,
    queues: settings.queues,
  });
  const stopping = new AbortController();
  const working = runWorkers(workers, connection, stopping.signal);
  const workflows = connectWorkflows(settings.temporal);
  const hub = openHub(database);
  const relay = startRelay({ database, workflows, hub });
  const context: ApiContext = {
    ...{ database, workflows, hub, stores: openStores({ dataFolder: settings.dataFolder }) },
    ...openSecretParts(database, settings),
    compile: compileForFake,
    findSourceRoot: async () => ({ root: folder, git: null, defaultBranch: null, repository: null }),
    nudgeRelay: () => relay.nudge(),
    version: 'bench',
    settings,
    port: createPortKeeper(() => Promise.reject(new Error('a benchmark opens no port'))),
    metrics: openMetrics(),
    web: openWebBundle(folder),
    tracing: null,
    writeLog: () => {},
    publicUrl: () => null,
    token: null,
    closing: stopping.signal,
  };
  return {
    client,
    begins,
    async run(text) {
      const principal = await loadLocalPrincipal(database);
      const starter: Starter = { principal, data: (work) => inScope(database, scopeOfPrincipal(principal), work) };
      const { id } = await startRun(context, { ...REQUEST, text, root: folder }, starter, async () => {});
      await waitForWorkflow(client, id);
      return id;
    },
    async stop() {
      await Promise.all([relay.stop(), hub.close(), workflows.close()]);
      stopping.abort();
      await working;
      await opened.close();
      await database.end();
      await Promise.all([postgres.stop(), temporal.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The relay starts it a moment after the run was accepted. */
async function waitForWorkflow(client: Client, runId: string): Promise<void> {
  for (;;) {
    try {
      await client.workflow.getHandle(runWorkflowId(runId)).result();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
    }
  }
}

const compileForFake: typeof compile = (input) => {
  const compiled = compile({ ...input, executor: 'process' });
  for (const node of compiled.plan?.nodes ?? []) if (node.kind === 'stage') node.executor = 'fake';
  return compiled;
};

const REQUEST = {
  file: '/bench.kdl',
  params: {},
  environment: {},
  envFile: {},
  docker: null,
  executor: null,
  stages: [],
  maxParallel: null,
  inPlace: true,
  git: false,
  debug: null,
  secretFile: null,
  secrets: {},
};
