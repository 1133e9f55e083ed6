import type { Client } from '@temporalio/client';
import type { EngineFile } from '#core/engine-file.ts';
import { runWorkflowId } from '#core/ids.ts';

/** Of all executions of a run's workflow. */
interface History {
  events: number;
  bytes: number;
  /** A large run goes on in new executions. */
  executions: number;
}

/** What the newest run of an engine has cost Temporal. */
export async function readHistory({ temporal, postgres }: EngineFile): Promise<History> {
  const [{ Client, Connection }, { openDatabase }] = await Promise.all([
    import('@temporalio/client'),
    import('#db/client.ts'),
  ]);
  const database = openDatabase(postgres.url, { max: 1, name: 'bench' });
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const [run] = await database<{ id: string }[]>`SELECT id FROM runs ORDER BY id DESC LIMIT 1`;
    return await sumExecutions(new Client({ connection, namespace: temporal.namespace }), runWorkflowId(run?.id ?? ''));
  } finally {
    await connection.close();
    await database.end({ timeout: 1 });
  }
}

/** From the last execution back to the first. */
async function sumExecutions(client: Client, workflowId: string): Promise<History> {
  const sum: History = { events: 0, bytes: 0, executions: 0 };
  for (let runId: string | undefined; runId !== '';) {
    const found = await client.workflow.getHandle(workflowId, runId).describe();
    sum.events += found.historyLength;
    sum.bytes += found.historySize ?? Number.NaN;
    sum.executions += 1;
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: client.options.namespace, maximumPageSize: 1 },
      execution: { workflowId, runId: found.runId },
    });
    runId = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return sum;
}
