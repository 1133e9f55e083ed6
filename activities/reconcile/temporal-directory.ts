import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { runWorkflowId } from '#core/ids.ts';
import type { RunResult } from '#core/run.ts';
import type { WorkflowDirectory } from './port.ts';

/** What the Temporal server says of a run's workflow. */
export function createTemporalDirectory(client: Client): WorkflowDirectory {
  return {
    async find(runId) {
      const handle = client.workflow.getHandle(runWorkflowId(runId));
      try {
        const { status } = await handle.describe();
        switch (status.name) {
          case 'RUNNING':
          case 'PAUSED':
          case 'CONTINUED_AS_NEW':
            return { kind: 'open' };
          case 'COMPLETED':
            return { kind: 'closed', how: status.name, result: (await handle.result()) as RunResult };
          case 'FAILED':
          case 'CANCELLED':
          case 'TERMINATED':
          case 'TIMED_OUT':
          case 'UNSPECIFIED':
          case 'UNKNOWN':
            return { kind: 'closed', how: status.name, result: null };
          default:
            return status.name satisfies never;
        }
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'unknown' };
        throw error;
      }
    },
  };
}
