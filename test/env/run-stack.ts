import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { v7 as createId } from 'uuid';
import { openActivities } from '#activities/index.ts';
import { startPlaceGiver } from '#api/places.ts';
import { startRelay, type Relay } from '#api/relay.ts';
import { openHub } from '#api/stream/hub.ts';
import { connectWorkflows } from '#api/workflows/temporal-gateway.ts';
import type { WorkerQueue } from '#config/system/settings.ts';
import { runWorkflowId } from '#core/ids.ts';
import { outline } from '#core/outline.ts';
import type { PlanNode } from '#core/plan.ts';
import { hostQueue, PLACE_GIVEN } from '#core/queues.ts';
import type { Database } from '#db/client.ts';
import { insertRun } from '#db/queries/insert-run.ts';
import { openStores } from '#store/open.ts';
import { ensureBundle } from '#temporal/bundle.ts';
import { createWorkers, installRuntime, runWorkers } from '#temporal/worker.ts';
import { createMigratedDatabase } from './databases.ts';
import { createPlan } from './plan.ts';
import { startPostgres } from './postgres.ts';
import { testSettings } from './settings.ts';
import { startTemporalServer } from './temporal-server.ts';

/** A workspace of an organization of the same name, with one pipeline. */
export interface TestTenant {
  workspaceId: string;
  pipelineId: string;
  name: string;
  weight: number;
}

/** Real Postgres, Temporal, worker and relay in one process; the stages run in the fake executor. */
export interface RunStack {
  database: Database;
  databaseUrl: string;
  client: Client;
  temporalAddress: string;
  /** Stage activities in the order in which they began their work, with the host. */
  begins: { runId: string; stage: string; host: string }[];
  /** Another machine that takes stages: workers and executors of its own. Ends without a word to anybody. */
  addHost(id: string, labels?: string): Promise<{ stop(): Promise<void> }>;
  addTenant(name: string, weight?: number): Promise<TestTenant>;
  /** Accepts a run as the API does: its rows and its outbox row in one transaction. Answers its id. */
  trigger(tenant: TestTenant, nodes: PlanNode[], priority?: number): Promise<string>;
  stop(): Promise<void>;
}

export interface RunStackOptions {
  /** Of each host. */
  maxStages: number;
  relay: boolean;
  /** How long a claim on a host holds without renewal; absent: for ever. */
  lease?: string;
}

export async function startRunStack(options: RunStackOptions): Promise<RunStack> {
  installRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'bi-stack-'));
  const [postgres, temporal, bundle] = await Promise.all([startPostgres(), startTemporalServer(), ensureBundle()]);
  const { url, database } = await createMigratedDatabase(postgres);
  const settingsOf = (hostId: string, labels = '') =>
    testSettings(folder, {
      DATABASE_URL: url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      BUILDIT_HOST_ID: hostId,
      BUILDIT_LABELS: labels,
      ...(options.lease ? { BUILDIT_HOST_LEASE: options.lease } : {}),
    });
  const settings = settingsOf('first');
  await mkdir(settings.dataFolder, { mode: 0o700 });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const begins: RunStack['begins'] = [];
  const openWorkers = async (hostId: string, queues: readonly WorkerQueue[], labels?: string) => {
    const opened = await openActivities(settingsOf(hostId, labels), {
      client,
      wake: (runId, stage) => client.workflow.getHandle(runWorkflowId(runId)).signal(PLACE_GIVEN, stage),
      contact: async () => {},
      onStages: () => {},
    });
    const own = await NativeConnection.connect({ address: temporal.address });
    const workers = await createWorkers({
      tracing: null,
      ...{ connection: own, namespace: 'default', bundle, queues, maxStages: options.maxStages },
      hostQueue: hostQueue(opened.hostId),
      activities: {
        ...opened.activities,
        async runStage(task) {
          begins.push({ runId: task.runId, stage: task.stage, host: hostId });
          return opened.activities.runStage(task);
        },
      },
    });
    const stopping = new AbortController();
    const working = runWorkers(workers, own, stopping.signal);
    let stopped: Promise<void> | null = null;
    const stop = async () => {
      stopping.abort();
      await working;
      await opened.close();
    };
    return { stop: () => (stopped ??= stop()) };
  };
  const hosts = [await openWorkers('first', ['control', 'hosts'])];
  const workflows = connectWorkflows(settings.temporal);
  const hub = openHub(database);
  const relay: Relay | null = options.relay ? startRelay({ database, workflows, hub }) : null;
  const places = startPlaceGiver({ database, workflows, hub });
  const { objects } = openStores({ dataFolder: settings.dataFolder });
  return {
    ...{ database, databaseUrl: url, client, temporalAddress: temporal.address, begins },
    async addHost(id, labels) {
      const host = await openWorkers(id, ['hosts'], labels);
      hosts.push(host);
      return host;
    },
    async addTenant(name, weight = 1) {
      const tenant = { workspaceId: createId(), pipelineId: createId(), name: `${name}/${name}`, weight };
      const organizationId = createId();
      await database`INSERT INTO organizations ${database({ id: organizationId, name })}`;
      await database`INSERT INTO workspaces ${database({ id: tenant.workspaceId, organizationId, name, weight })}`;
      await database`
        INSERT INTO pipelines (id, workspace_id, origin, path, name, version)
        VALUES (${tenant.pipelineId}, ${tenant.workspaceId}, 'server', 'demo.kdl', 'demo', 1)`;
      return tenant;
    },
    async trigger(tenant, nodes, priority = 3) {
      const compiled = createPlan(nodes);
      const bytes = Buffer.from(JSON.stringify(compiled));
      const digest = createHash('sha256').update(bytes).digest('hex');
      const plan = { key: `plans/${digest}.json`, digest, bytes: bytes.byteLength };
      if (!(await objects.stat(plan.key))) await objects.put(plan.key, bytes);
      const id = createId();
      await database.begin((transaction) =>
        insertRun(transaction, {
          ...{ id, workspaceId: tenant.workspaceId, workspace: tenant.name, priority, plan, compiled },
          ...{ trigger: 'api', startedBy: 'user:ann', branch: null, commit: null, maxParallel: null },
          ...{
            environment: {},
            envFile: {},
            dockerEndpoint: null,
            debug: null,
            secretFile: null,
            rerunOf: null,
            carried: {},
          },
          source: { kind: 'in-place', folder },
          pipeline: { kind: 'server', id: tenant.pipelineId, name: 'demo', version: 1 },
          createInput: (identity) => ({
            ...{ runId: id, workspace: tenant.name, plan, outline: outline(compiled), maxParallel: null, carried: {} },
            run: { ...identity, url: '', trigger: 'api' },
            startedBy: 'user:ann',
            share: { priority, key: tenant.workspaceId, weight: tenant.weight },
          }),
        }),
      );
      return id;
    },
    async stop() {
      await Promise.all([relay?.stop(), places.stop(), hub.close(), workflows.close()]);
      await Promise.all(hosts.map((host) => host.stop()));
      await connection.close();
      await database.end({ timeout: 1 });
      await Promise.all([postgres.stop(), temporal.stop()]);
      await Runtime.instance().shutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
