import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from '#api/app.ts';
import { createClient, type ApiClient } from '#api/client/client.ts';
import type { ApiContext } from '#api/context.ts';
import { startPlaceGiver } from '#api/places.ts';
import { createPortKeeper } from '#api/port/keeper.ts';
import { startRelay, type Relay } from '#api/relay.ts';
import { servePort, serveSocket } from '#api/serve.ts';
import { openHub } from '#api/stream/hub.ts';
import { openMetrics } from '#api/traffic/metrics.ts';
import { openWebBundle } from '#api/web/bundle.ts';
import { compile } from '#config/pipeline/compile.ts';
import type { Plan } from '#core/plan.ts';
import type { StartRunRequest } from '#core/rest.ts';
import type { Database } from '#db/client.ts';
import { openStores } from '#store/open.ts';
import { openSecretParts } from '#store/secret/connect.ts';
import { checkAnswers } from './answer-check.ts';
import { createMigratedDatabase, type TestDatabases } from './databases.ts';
import { createFakeWorkflows, type FakeWorkflows } from './fake-workflows.ts';
import { send, type SendOptions } from './send.ts';
import { testSettings } from './settings.ts';

/** An API on a socket of its own, with real database and stores; workflows are steered by the test. */
export interface TestApi {
  context: ApiContext;
  database: Database;
  workflows: FakeWorkflows;
  client: ApiClient;
  socket: string;
  folder: string;
  relay: Relay;
  /** Lines of the log of requests. */
  log: string[];
  /** The plan that every text compiles to from now on; before it texts are really compiled. */
  usePlan(plan: Plan): void;
  request(changes?: Partial<StartRunRequest>): StartRunRequest;
  /** A request over the socket, with its token unless `headers` say otherwise; the path is that on the wire. */
  fetch(path: string, options?: SendOptions): Promise<Response>;
  stop(): Promise<void>;
}

const TOKEN = 'test-token';

export async function startApi(server: TestDatabases): Promise<TestApi> {
  const { database } = await createMigratedDatabase(server);
  const folder = await mkdtemp(join(tmpdir(), 'bi-api-'));
  const stores = openStores({ dataFolder: join(folder, 'data') });
  const workflows = createFakeWorkflows();
  const hub = openHub(database);
  // Workflows of a test begin nothing, so nothing is held back for them.
  const relay = startRelay({ database, workflows, hub, ahead: 10_000 });
  const places = startPlaceGiver({ database, workflows, hub });
  const closing = new AbortController();
  const log: string[] = [];
  let plan: Plan | null = null;
  const port = createPortKeeper((at) =>
    servePort(checkAnswers(createApp(context), context), { ...at, trustedProxies: [] }),
  );
  const context: ApiContext = {
    ...{ database, stores, workflows, hub },
    ...openSecretParts(database, testSettings(folder)),
    compile: (input) => (plan ? { plan, diagnostics: [], params: [], triggers: [] } : compile(input)),
    findSourceRoot: async () => ({ root: folder, git: null, defaultBranch: null, repository: null }),
    nudgeRelay: () => relay.nudge(),
    version: 'test',
    settings: testSettings(folder),
    port,
    metrics: openMetrics(),
    web: openWebBundle(resolve(import.meta.dirname, '../../web/dist')),
    tracing: null,
    writeLog: (line) => void log.push(line),
    publicUrl: () => port.current()?.publicUrl ?? null,
    token: TOKEN,
    closing: closing.signal,
  };
  const socket = join(folder, 'api.sock');
  const served = await serveSocket(checkAnswers(createApp(context), context), socket);
  const client = createClient({ socketPath: socket, token: TOKEN });
  return {
    ...{ context, database, workflows, client, socket, folder, relay, log },
    usePlan: (next) => {
      plan = next;
    },
    request: (changes = {}) => ({
      ...{ file: join(folder, 'demo.kdl'), text: '', root: folder, params: {}, environment: {}, envFile: {} },
      ...{ docker: null, executor: null, stages: [], maxParallel: null, inPlace: true, git: false },
      ...{ debug: null, secretFile: null, secrets: {}, ...changes },
    }),
    fetch: (path, options = {}) => {
      const headers = { authorization: `Bearer ${TOKEN}`, ...options.headers };
      return send({ socketPath: socket }, path, { ...options, headers });
    },
    async stop() {
      closing.abort();
      client.close();
      await Promise.all([served.close(), port.close()]);
      await Promise.all([relay.stop(), places.stop()]);
      await hub.close();
      await database.end({ timeout: 1 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
