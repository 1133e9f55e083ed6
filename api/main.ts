import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import v8 from 'node:v8';
import { compile } from '#config/pipeline/compile.ts';
import { armCrash } from '#config/system/arm-crash.ts';
import { loadSettings } from '#config/system/load.ts';
import { addPoints } from '#core/crash-point.ts';
import { writeFault } from '#core/fault-text.ts';
import { faultOf } from '#core/fault.ts';
import { isAway, toDatabaseFault } from '#db/away.ts';
import { openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { waitUntilReady } from '#db/wait.ts';
import { openStores } from '#store/open.ts';
import { openSecretParts } from '#store/secret/connect.ts';
import { findSourceRoot } from '#store/snapshot/source-root.ts';
import { openTracing } from '#tracing/open.ts';
import { announce } from './announce.ts';
import { createApp } from './app.ts';
import { resumeCommands } from './commands/send.ts';
import type { ApiContext } from './context.ts';
import { startProcessBeat } from './health/process-beat.ts';
import { startPlaceGiver } from './places.ts';
import { createPortKeeper } from './port/keeper.ts';
import { startRelay } from './relay.ts';
import { createReport, tell } from './report.ts';
import { servePort, serveSocket } from './serve.ts';
import { acceptShells } from './shells/accept.ts';
import { openHub } from './stream/hub.ts';
import { openMetrics } from './traffic/metrics.ts';
import { openWebBundle } from './web/bundle.ts';
import { startCourier } from './webhooks/courier.ts';
import { connectWorkflows } from './workflows/temporal-gateway.ts';

/** The supervisor waits 2 s for one that leaves. */
const LEAVE_MS = 1_500;

/** The API as a process: listens as soon as the schema is right; Temporal is connected to meanwhile. */
async function main(): Promise<void> {
  const settings = loadSettings();
  const closing = new AbortController();
  const database = openDatabase(settings.databaseUrl, { name: 'buildit-api' });
  const workflows = connectWorkflows(settings.temporal);
  const stores = openStores({ dataFolder: settings.dataFolder });
  const [token, tracing] = await Promise.all([
    settings.socket && readFile(settings.socket.tokenFile, 'utf8').then((text) => text.trim()),
    openTracing(settings.tracesEndpoint, 'buildit-api', settings.contentVersion),
    waitUntilReady(database, 30_000).then(() => migrate(database)),
  ]);
  const hub = openHub(database);
  const reach = armCrash(settings.crash);
  const starting = { start: { before: 'workflow-before-start', after: 'workflow-after-start' } } as const;
  const relay = startRelay({ database, workflows: addPoints(workflows, starting, reach), hub });
  const secretParts = openSecretParts(database, settings);
  const courier = startCourier({
    ...{ database, hub, sealer: secretParts.sealer },
    allowsPrivate: settings.webhooksPrivate,
  });
  const places = startPlaceGiver({ database, workflows, hub });
  const port = createPortKeeper((at) =>
    servePort(app, { ...at, trustedProxies: settings.web.trustedProxies, onClients: report, acceptUpgrade }),
  );
  const context: ApiContext = {
    ...{ database, stores, compile, findSourceRoot, workflows, hub },
    ...secretParts,
    nudgeRelay: () => relay.nudge(),
    version: settings.contentVersion,
    settings,
    port,
    metrics: openMetrics(),
    web: openWebBundle(resolve(import.meta.dirname, '../web/dist')),
    tracing,
    // Whoever read the log may be gone; that is no reason to fail a request.
    writeLog: (line) => void process.stdout.write(`${line}\n`, () => {}),
    publicUrl: () => port.current()?.publicUrl ?? null,
    token,
    reach,
    closing: closing.signal,
  };
  const app = createApp(context);
  const acceptUpgrade = acceptShells(app, database, (error) => process.stderr.write(`terminal: ${String(error)}\n`));
  void resumeCommands(context).catch(() => {});
  // A master key or data key may have been replaced while nobody ran.
  void context.secretStore
    .renewKeys()
    .catch((error: unknown) => process.stderr.write(`sealing secrets anew: ${String(error)}\n`));
  const report = createReport(database, () => ({
    count: (served?.countClients() ?? 0) + port.countClients(),
    port: context.publicUrl(),
  }));
  const served = settings.socket && (await serveSocket(app, settings.socket.path, report, acceptUpgrade));
  const opened = settings.web.listen && (await port.open({ ...settings.web, ...settings.web.listen, isExact: true }));
  if (opened) await announce(context, opened);
  tell({ kind: 'ready', address: opened?.publicUrl ?? settings.socket?.path ?? '' });
  const listens = settings.web.listen ? `port ${settings.web.listen.port}` : (settings.socket?.path ?? '');
  const beat = startProcessBeat(database, { name: `${hostname()} ${listens}`, version: settings.contentVersion });
  // The SDK takes 0.1–0.2 s to load: that is not to stand before the first answer.
  // What an event to thousands of streams leaves behind is then collected with the next ones, instead of kept by a
  // process that is idle (250 MB after twenty of them). Not before: what a start loads, stays.
  void workflows.warm().then(() => v8.setFlagsFromString('--heap-growing-percent=20'));
  // Timers move without a client coming or going.
  const reporting = setInterval(report, 30_000);

  const stop = async () => {
    closing.abort();
    clearInterval(reporting);
    // What is under way may hang on a server that is away: it is all safe to break off.
    setTimeout(() => process.exit(0), LEAVE_MS);
    await Promise.all([served?.close(), port.close()]);
    await Promise.all([relay.stop(), places.stop(), courier.stop(), beat.stop(), hub.close(), workflows.close()]);
    await Promise.all([database.end({ timeout: 1 }), tracing?.close()]);
    process.exit(0);
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, () => void stop());
}

main().catch((error: unknown) => {
  // Only what no restart can cure is told: anything else is tried again by the supervisor.
  const fault = isAway(error) ? toDatabaseFault(error).fault : faultOf(error);
  if (fault?.retry.kind === 'no') {
    const message = fault.cause ? `${fault.message}: ${fault.cause}` : fault.message;
    tell({ kind: 'fatal', code: fault.code, message });
  }
  process.stderr.write(fault ? writeFault(fault) : `${error instanceof Error ? error.stack : String(error)}\n`);
  setTimeout(() => process.exit(3), 50);
});
