import { Context } from '@temporalio/activity';
import { openDatabase } from '#db/client.ts';
import { listDockerEndpoints } from '#db/queries/stale-runs.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { Activities } from '../contract.ts';
import type { Executors } from '../executor/select.ts';
import { noteRemoved, reap, reconcile } from './reconcile.ts';
import { openSweep, type SweepDeps } from './sweep.ts';
import { createTemporalDirectory, type WorkflowReader } from './temporal-directory.ts';

/** How often a host that is one of several looks at what is left on it. */
const REAP_MS = 60_000;
/** Well below the timeout that workflows/prune has for it. */
const HEARTBEAT_MS = 2_000;

/**
 * The reconciler of this worker, on connections of its own. Of several machines only one carries it out at a time and
 * sees its own hosts alone: with `isOneOfSeveral` each looks after its hosts by itself, too.
 */
export function openReconcile(settings: {
  databaseUrl: string;
  client: WorkflowReader;
  executors: Executors;
  secrets: RunSecretStore;
  /** What is swept, and how long what runs left is kept. */
  kept: Omit<SweepDeps, 'database' | 'secrets' | 'listHosts'>;
  isOneOfSeveral: boolean;
  report(error: unknown, what: string): void;
}): Pick<Activities, 'reconcileAll' | 'prune'> & { close(): Promise<void> } {
  const { executors, secrets } = settings;
  const database = openDatabase(settings.databaseUrl, { name: 'buildit-reconcile', max: 2 });
  const listHosts = async () => {
    const endpoints = await listDockerEndpoints(database);
    return [...endpoints.map((endpoint) => executors.find('docker', endpoint)), executors.find('process', null)].map(
      ({ host }) => host,
    );
  };
  const sweep = openSweep({ ...settings.kept, database, secrets, listHosts });
  const reapHere = async () => {
    for (const host of await listHosts()) {
      await reap({ database, secrets }, host)
        .then((reaped) => noteRemoved(database, 'hosts', reaped.length))
        .catch((error: unknown) => settings.report(error, `reap ${host.kind}`));
    }
  };
  const timer = settings.isOneOfSeveral
    ? setInterval(() => void reapHere().catch((error: unknown) => settings.report(error, 'reap')), REAP_MS)
    : undefined;
  return {
    async reconcileAll() {
      const workflows = createTemporalDirectory(settings.client);
      const found = await reconcile({ database, workflows, hosts: await listHosts(), secrets });
      const { troubles } = (await sweep('due')) ?? { troubles: [] };
      for (const trouble of troubles) settings.report(trouble, 'sweep');
      return found;
    },
    async prune({ isDry }) {
      const { heartbeat, cancellationSignal } = Context.current();
      const beat = setInterval(heartbeat, HEARTBEAT_MS);
      try {
        return await sweep(isDry ? 'look' : 'all', cancellationSignal);
      } finally {
        clearInterval(beat);
      }
    },
    async close() {
      clearInterval(timer);
      await database.end({ timeout: 1 });
    },
  };
}
