import type { EngineFile } from '#core/engine-file.ts';
import { runWorkflowId } from '#core/ids.ts';

/** What the newest run of an engine costs Temporal, its children included: events, and their bytes. */
export async function readHistory({ temporal, postgres }: EngineFile): Promise<{ events: number; bytes: number }> {
  const [{ Client, Connection }, { openDatabase }] = await Promise.all([
    import('@temporalio/client'),
    import('#db/client.ts'),
  ]);
  const database = openDatabase(postgres.url, { max: 1, name: 'bench' });
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const [run] = await database<{ id: string }[]>`SELECT id FROM runs ORDER BY id DESC LIMIT 1`;
    const client = new Client({ connection, namespace: temporal.namespace });
    const found = await client.workflow.getHandle(runWorkflowId(run?.id ?? '')).describe();
    return { events: found.historyLength, bytes: found.historySize ?? Number.NaN };
  } finally {
    await connection.close();
    await database.end({ timeout: 1 });
  }
}
