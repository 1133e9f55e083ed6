import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import { PIPELINE_RUN } from '#core/queues.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { startTemporalServer, type TemporalServer } from '#test/env/temporal-server.ts';
import { createTemporalDirectory } from './temporal-directory.ts';

const SOON = { timeout: 30_000 };
const ONCE = 'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1';

describeWith(['temporal'], 'the index of workflows', () => {
  let server: TemporalServer;
  let client: Client;
  beforeAll(async () => {
    server = await startTemporalServer([ONCE]);
    client = new Client({ connection: await Connection.connect({ address: server.address }) });
  }, 60_000);
  afterAll(async () => {
    await client.connection.close();
    await server.stop();
  });

  const start = async (taskQueue: string) => {
    const runId = randomUUID();
    await client.workflow.start(PIPELINE_RUN, { workflowId: runWorkflowId(runId), taskQueue });
    return runId;
  };
  const collect = (runIds: AsyncIterable<string>) => Array.fromAsync(runIds).then((found) => found.toSorted());

  test('names and counts the open ones, and reports those whose tasks fail', async () => {
    const directory = createTemporalDirectory(client);
    const [before, known] = [await directory.countOpen(), await collect(directory.listReported())];
    const [waiting, broken] = [await start('waiting'), await start(`broken-${randomUUID()}`)];
    await expect.poll(() => directory.countOpen(), SOON).toBe(before + 2);
    expect(await collect(directory.listOpen())).toEqual(expect.arrayContaining([waiting, broken]));
    expect(await collect(directory.listReported())).toEqual(known);

    const namespace = client.options.namespace;
    const { taskQueue } = await client.workflow.getHandle(runWorkflowId(broken)).describe();
    const task = await client.withDeadline(Date.now() + SOON.timeout, () =>
      client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
    );
    await client.workflowService.respondWorkflowTaskFailed({ namespace, taskToken: task.taskToken, cause: 1 });
    await expect.poll(() => collect(directory.listReported()), SOON).toEqual([...known, broken].toSorted());
  });
});
