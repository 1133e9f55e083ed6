import { openGroup } from '#core/concurrency.ts';
import { lockWorkflowId, runWorkflowId } from '#core/ids.ts';
import { ASK_PLACE, CONTROL_QUEUE, LOCK } from '#core/queues.ts';
import type { Activities } from '../contract.ts';
import { toFailure } from '../stage/failure.ts';

/** The part of a Temporal client that is needed here; the client itself is made where the worker is put together. */
export interface GroupClient {
  workflow: {
    signalWithStart(
      type: string,
      options: { workflowId: string; taskQueue: string; args: [unknown]; signal: string; signalArgs: [unknown] },
    ): Promise<unknown>;
    getHandle(workflowId: string): { describe(): Promise<{ status: { name: string } }> };
  };
}

const OPEN: ReadonlySet<string> = new Set(['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW']);

/** How runs reach the locks of their groups, and locks learn which runs are over. */
export function createGroupActivities(client: GroupClient): Pick<Activities, 'askPlace' | 'findGoneRuns'> {
  return {
    async askPlace({ workspace, group, ask }) {
      const workflowId = lockWorkflowId(workspace, group);
      try {
        await client.workflow.signalWithStart(LOCK, {
          ...{ workflowId, taskQueue: CONTROL_QUEUE },
          ...{ args: [openGroup(group)], signal: ASK_PLACE, signalArgs: [ask] },
        });
      } catch (error) {
        throw toFailure(error);
      }
      return { lock: workflowId };
    },
    async findGoneRuns({ runIds }) {
      const gone = await Promise.all(runIds.map((runId) => isGone(client, runId)));
      return runIds.filter((_, index) => gone[index]);
    },
  };
}

async function isGone(client: GroupClient, runId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(runWorkflowId(runId)).describe();
    return !OPEN.has(status.name);
  } catch (error) {
    // By name: the error comes out of the client's own copy of its package.
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return true;
    throw error;
  }
}
