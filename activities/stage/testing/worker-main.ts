import type { StageTask } from '#core/attempt.ts';
import type { ExecutorKind } from '#core/plan.ts';
import { openStores } from '#store/open.ts';
import { memoryOutputSealer, memorySecretStore } from '#store/secret/memory-secret-store.ts';
import { openExecutors } from '../../executor/select.ts';
import type { RunContext } from '../../record/port.ts';
import { createRunStage } from '../run-stage.ts';
import { openSourceFiles } from '../source-files.ts';
import { createMemoryCacheRecords } from './memory-cache-records.ts';
import { createMemoryRecords } from './memory-records.ts';

/** What a worker process of a test is given as its argument (JSON). */
export interface WorkerOrder {
  folder: string;
  instance: string;
  kind: ExecutorKind;
  image: string;
  task: StageTask;
  context: RunContext;
}

/** Entry of a worker that drives one attempt and prints its result; made to be killed. */
const order: WorkerOrder = JSON.parse(process.argv[2] ?? '');
const stores = openStores({ dataFolder: order.folder });
const records = createMemoryRecords();
records.contexts.set(order.task.runId, order.context);
const executors = openExecutors({
  instance: order.instance,
  image: order.image,
  snapshots: stores.snapshots,
  processFolder: `${order.folder}/processes`,
  warmBoxes: 0,
  cacheBytes: 2 ** 30,
});
const runStage = createRunStage({
  hostId: 'killed',
  markKey: 'key',
  records,
  ...stores,
  caches: { store: stores.caches, records: createMemoryCacheRecords(), limitBytes: 2 ** 30 },
  source: openSourceFiles(stores.snapshots),
  secretStore: memorySecretStore(),
  sealedOutputs: memoryOutputSealer(),
  findExecutor: (kind, endpoint) => executors.find(kind, endpoint).executor,
  background: () => undefined,
  report: (error, what) => process.stderr.write(`${what}: ${String(error)}\n`),
  control: () => ({
    signal: new AbortController().signal,
    reason: () => null,
    delivery: 1,
    heartbeat: () => undefined,
  }),
});
process.stdout.write(JSON.stringify(await runStage(order.task)));
