import { runWorkflowId } from '#core/ids.ts';
import { PIPELINE_RUN } from '#core/queues.ts';
import type { RunResult } from '#core/run.ts';
import type { WorkflowDirectory } from './port.ts';

/** The part of a Temporal client that is needed here; the client itself is made where the worker is put together. */
export interface WorkflowReader {
  workflow: {
    getHandle(workflowId: string): {
      describe(): Promise<{
        status: { name: string };
        raw: { pendingWorkflowTask?: { attempt?: number | null } | null };
      }>;
      result(): Promise<unknown>;
    };
    list(options: { query: string }): AsyncIterable<{ workflowId: string }>;
    count(query: string): Promise<{ count: number }>;
  };
}

const OPEN_RUNS = `WorkflowType = '${PIPELINE_RUN}' AND ExecutionStatus = 'Running'`;

const OPEN: ReadonlySet<string> = new Set(['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW']);

/** A workflow task that failed this often will not get better by itself; one is lost when a worker dies. */
const STUCK_AT = 4;

/** What the Temporal server says of a run's workflow. */
export function createTemporalDirectory(client: WorkflowReader): WorkflowDirectory {
  async function* list(query: string) {
    const prefix = runWorkflowId('');
    for await (const { workflowId } of client.workflow.list({ query })) {
      if (workflowId.startsWith(prefix)) yield workflowId.slice(prefix.length);
    }
  }
  return {
    async find(runId) {
      const handle = client.workflow.getHandle(runWorkflowId(runId));
      try {
        const { status, raw } = await handle.describe();
        const { name } = status;
        if (OPEN.has(name)) return { kind: (raw.pendingWorkflowTask?.attempt ?? 0) < STUCK_AT ? 'open' : 'stuck' };
        const result = name === 'COMPLETED' ? ((await handle.result()) as RunResult) : null;
        return { kind: 'closed', how: name, result };
      } catch (error) {
        // By name: the error comes out of the client's own copy of its package.
        if (error instanceof Error && error.name === 'WorkflowNotFoundError') return { kind: 'unknown' };
        throw error;
      }
    },
    listOpen: () => list(OPEN_RUNS),
    countOpen: async () => (await client.workflow.count(OPEN_RUNS)).count,
    listReported: () => list(`${OPEN_RUNS} AND TemporalReportedProblems IS NOT NULL`),
  };
}
