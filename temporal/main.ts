import { setTimeout as wait } from 'node:timers/promises';
import v8 from 'node:v8';
import { Client } from '@temporalio/client';
import type { NativeConnection as Connection } from '@temporalio/worker';
import { openActivities } from '#activities/index.ts';
import { armCrash } from '#config/system/arm-crash.ts';
import { loadSettings } from '#config/system/load.ts';
import type { ChildMessage } from '#core/engine-file.ts';
import { writeFault } from '#core/fault-text.ts';
import { faultOf } from '#core/fault.ts';
import { runWorkflowId } from '#core/ids.ts';
import { hostQueue, PLACE_GIVEN } from '#core/queues.ts';
import { openTracing } from '#tracing/open.ts';
import { ensureBundle } from './bundle.ts';
import { readConnection } from './client.ts';
import { contactTemporal } from './contact.ts';
import { ensureReconcileSchedule } from './schedule.ts';
import { NativeConnection } from './sdk.ts';
import { createWorkers, installRuntime, runWorkers } from './worker.ts';

/** Entry of the worker process. Leaves when the supervisor does, by itself: its channel closes. */
process.once('uncaughtException', (error) => {
  const fault = faultOf(error);
  process.stderr.write(fault ? writeFault(fault) : `${error.stack}\n`);
  process.exit(3);
});
const settings = loadSettings();
const stopping = new AbortController();
process.once('disconnect', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());

/** A server that does not answer within this is away. */
const CONTACT_MS = 3_000;
/** Tries between two lines about a server that is not there: some 10 s. */
const SAID_EVERY = 200;

installRuntime();
const [connection, bundle, tracing] = await Promise.all([
  connect(),
  ensureBundle(),
  openTracing(settings.tracesEndpoint, 'buildit-worker', settings.contentVersion),
]);
const client = new Client({ connection, namespace: settings.temporal.namespace });
const opened = await openActivities(settings, {
  client,
  wake: (runId, stage) => client.workflow.getHandle(runWorkflowId(runId)).signal(PLACE_GIVEN, stage),
  contact: () => contactTemporal(connection, CONTACT_MS),
  onStages: (count) => tell({ kind: 'stages', count }),
  reach: armCrash(settings.crash),
});
const workers = await createWorkers({
  connection,
  namespace: settings.temporal.namespace,
  bundle,
  activities: opened.activities,
  hostQueue: hostQueue(opened.hostId),
  maxStages: settings.maxStages,
  queues: settings.queues,
  heartbeatMs: settings.host.heartbeatMs,
  tracing,
});
tell({ kind: 'ready', address: settings.temporal.address });
// Of what its heaps had after some hundred runs half was garbage. Not before: what a start loads, stays.
v8.setFlagsFromString('--heap-growing-percent=20');
void ensureReconcileSchedule(client).catch((error: unknown) => process.stderr.write(`reconciler: ${String(error)}\n`));
await runWorkers(workers, connection, stopping.signal);
await opened.close();
await tracing?.close();
process.exit(0);

/** The supervisor starts Temporal and the worker at once; whoever is first waits. */
async function connect(): Promise<Connection> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await NativeConnection.connect(await readConnection(settings.temporal));
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      // With a server of its own to wait for that is the usual order; what takes longer is worth a line.
      if (tries % SAID_EVERY === 0) {
        const reason = error instanceof Error ? error.message : String(error);
        process.stderr.write(`waiting for Temporal at ${settings.temporal.address}: ${reason}\n`);
      }
      await wait(50);
    }
  }
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}
