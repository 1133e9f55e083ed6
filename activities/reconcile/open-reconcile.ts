import { openDatabase } from '#db/client.ts';
import { listDockerEndpoints } from '#db/queries/stale-runs.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { Activities } from '../contract.ts';
import type { Executors } from '../executor/select.ts';
import { reconcile } from './reconcile.ts';
import { createTemporalDirectory, type WorkflowReader } from './temporal-directory.ts';

/** The reconciler of this worker, on a connection of its own. */
export function openReconcile(settings: {
  databaseUrl: string;
  client: WorkflowReader;
  executors: Executors;
  secrets: RunSecretStore;
}): Pick<Activities, 'reconcileAll'> & { close(): Promise<void> } {
  const database = openDatabase(settings.databaseUrl, { name: 'buildit-reconcile', max: 1 });
  return {
    async reconcileAll() {
      const endpoints = await listDockerEndpoints(database);
      const docker = endpoints.map((endpoint) => settings.executors.find('docker', endpoint).host);
      const hosts = [...docker, settings.executors.find('process', null).host];
      const workflows = createTemporalDirectory(settings.client);
      return reconcile({ database, workflows, hosts, secrets: settings.secrets });
    },
    close: () => database.end({ timeout: 1 }),
  };
}
