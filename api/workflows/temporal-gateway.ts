import type * as Temporal from '@temporalio/client';
import type { TemporalSettings } from '#config/system/settings.ts';
import type { GroupState } from '#core/concurrency.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { lockWorkflowId, runWorkflowId } from '#core/ids.ts';
import type { SweepReport } from '#core/leftovers.ts';
import { CONTROL_QUEUE, PIPELINE_RUN, PLACE_GIVEN, PRUNE } from '#core/queues.ts';
import type { RunShare } from '#core/run.ts';
import { readConnection } from '#temporal/client.ts';
import { describeQueue } from './describe-queue.ts';
import type { WorkflowGateway, UpdateVerdict } from './gateway.ts';

/** Loaded late: a type alone here. */
type Sdk = typeof Temporal;
type Connected = { sdk: Sdk; client: Temporal.Client };

/**
 * The gateway over a Temporal client. It connects on first use, or earlier by `warm`, so that the API can listen while
 * the SDK loads (0.1–0.2 s).
 */
export function connectWorkflows(settings: TemporalSettings): WorkflowGateway & {
  /** Resolves when it has tried. */
  warm(): Promise<void>;
  close(): Promise<void>;
} {
  let connecting: Promise<Connected> | null = null;
  let opened: Connected | null = null;
  const connect = () => {
    connecting ??= openClient(settings).then(
      (connected) => (opened = connected),
      (error: unknown) => {
        connecting = null;
        throw toUnreachable(error);
      },
    );
    return connecting;
  };
  return {
    warm: () =>
      connect().then(
        () => {},
        () => {},
      ),
    async close() {
      await opened?.client.connection.close();
    },
    async start(input, traceParent = null) {
      const { sdk, client } = await connect();
      try {
        await client.workflow.start(PIPELINE_RUN, {
          workflowId: runWorkflowId(input.runId),
          taskQueue: CONTROL_QUEUE,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [input],
          // Read by workflows/trace.ts.
          ...(traceParent === null ? {} : { memo: { traceparent: traceParent } }),
          ...(input.share ? { priority: describePriority(input.share) } : {}),
          staticSummary: `${input.outline.name} ${input.run.label}`,
        });
      } catch (error) {
        if (error instanceof sdk.WorkflowExecutionAlreadyStartedError) return;
        throw isFinal(sdk, error) ? createRefused(error) : toUnreachable(error);
      }
    },
    async update(runId, update, signal) {
      const { sdk, client } = await connect();
      const handle = client.workflow.getHandle(runWorkflowId(runId));
      const verdict = handle.executeUpdate(update.name, { args: update.args, updateId: update.id }).then(
        (): UpdateVerdict => ({ kind: 'accepted' }),
        (error: unknown) => readRefusal(sdk, error),
      );
      const stopped = new Promise<UpdateVerdict>((resolve) => {
        if (signal.aborted) resolve({ kind: 'pending' });
        signal.addEventListener('abort', () => resolve({ kind: 'pending' }), { once: true });
      });
      return Promise.race([verdict, stopped]);
    },
    async tellPlaceGiven(runId, stage) {
      const { sdk, client } = await connect();
      try {
        await client.workflow.getHandle(runWorkflowId(runId)).signal(PLACE_GIVEN, stage);
      } catch (error) {
        if (!(error instanceof sdk.WorkflowNotFoundError)) throw toUnreachable(error);
      }
    },
    async readGroup(workspace, group) {
      const { sdk, client } = await connect();
      try {
        return await client.workflow.getHandle(lockWorkflowId(workspace, group)).query<GroupState>('groupState');
      } catch (error) {
        if (error instanceof sdk.WorkflowNotFoundError) return null;
        throw toUnreachable(error);
      }
    },
    async releasePlace(workspace, group, place) {
      const { sdk, client } = await connect();
      try {
        const handle = client.workflow.getHandle(lockWorkflowId(workspace, group));
        return await handle.executeUpdate<boolean, [string]>('releasePlace', { args: [place] });
      } catch (error) {
        if (error instanceof sdk.WorkflowNotFoundError) return false;
        throw toUnreachable(error);
      }
    },
    async terminate(runId, reason) {
      const { sdk, client } = await connect();
      try {
        await client.workflow.getHandle(runWorkflowId(runId)).terminate(reason);
        return true;
      } catch (error) {
        if (error instanceof sdk.WorkflowNotFoundError) return false;
        throw toUnreachable(error);
      }
    },
    async findOpen(runId) {
      const { sdk, client } = await connect();
      try {
        const { status } = await client.workflow.getHandle(runWorkflowId(runId)).describe();
        return status.name === 'RUNNING' || status.name === 'PAUSED';
      } catch (error) {
        if (error instanceof sdk.WorkflowNotFoundError) return null;
        throw toUnreachable(error);
      }
    },
    async prune(isDry) {
      const { sdk, client } = await connect();
      try {
        return await client.workflow.execute<(input: { isDry: boolean }) => Promise<SweepReport | null>>(PRUNE, {
          // Two that ask at once are answered by one sweep.
          workflowId: isDry ? `${PRUNE}/look` : PRUNE,
          workflowIdConflictPolicy: 'USE_EXISTING',
          taskQueue: CONTROL_QUEUE,
          workflowExecutionTimeout: '15m',
          args: [{ isDry }],
        });
      } catch (error) {
        if (!(error instanceof sdk.WorkflowFailedError)) throw toUnreachable(error);
        const why = error.cause instanceof sdk.ActivityFailure ? error.cause.cause : error.cause;
        // It was cut off, for its worker has died: what is left goes with the next one.
        const cutOff = [sdk.TimeoutFailure, sdk.CancelledFailure, sdk.TerminatedFailure];
        if (cutOff.some((kind) => why instanceof kind)) return null;
        throw why ?? error;
      }
    },
    async readVersion() {
      const { client } = await connect();
      const answer = await client.workflowService.getSystemInfo({}).catch((error: unknown) => {
        throw toUnreachable(error);
      });
      return answer.serverVersion ?? '';
    },
    async describeQueues(queues) {
      const { client } = await connect();
      return Promise.all(queues.map((queue) => describeQueue(client, settings.namespace, queue))).catch(
        (error: unknown) => {
          throw toUnreachable(error);
        },
      );
    },
  };
}

/** Inherited by all activities of the run: so its stages take their turn by it, too. */
function describePriority({ priority, key, weight }: RunShare): NonNullable<Temporal.WorkflowOptions['priority']> {
  return { priorityKey: priority, fairnessKey: key, fairnessWeight: weight };
}

async function openClient(settings: TemporalSettings): Promise<Connected> {
  const [sdk, options] = await Promise.all([import('@temporalio/client'), readConnection(settings)]);
  const connection = await sdk.Connection.connect({ ...options, connectTimeout: '3s' });
  return { sdk, client: new sdk.Client({ connection, namespace: settings.namespace }) };
}

function readRefusal(sdk: Sdk, error: unknown): UpdateVerdict {
  if (error instanceof sdk.WorkflowNotFoundError) return { kind: 'absent' };
  if (error instanceof sdk.WorkflowUpdateFailedError) {
    const { cause } = error;
    const code = cause instanceof sdk.ApplicationFailure ? cause.type : null;
    // The run ended while the update was under way.
    if (code === 'AcceptedUpdateCompletedWorkflow') return { kind: 'absent' };
    return { kind: 'refused', code: code ?? 'refused', message: cause?.message ?? error.message };
  }
  throw toUnreachable(error);
}

/** gRPC statuses (google.rpc.Code). */
const [INVALID_ARGUMENT, RESOURCE_EXHAUSTED] = [3, 8];

/** Whether the same call will be refused again: what was asked for is wrong or too large, not the moment. */
function isFinal(sdk: Sdk, error: unknown): boolean {
  if (error instanceof sdk.ValueError) return true;
  if (!(error instanceof sdk.ServiceError) || !sdk.isGrpcServiceError(error.cause)) return false;
  const { code, details } = error.cause;
  if (code === INVALID_ARGUMENT) return true;
  // The same status tells of limits on the rate, which pass.
  return code === RESOURCE_EXHAUSTED && /larger than max/i.test(details);
}

function createRefused(error: unknown): FaultError {
  return new FaultError({
    code: 'workflow-refused',
    message: 'Temporal does not take this run',
    cause: error instanceof Error ? describeCause(error) : String(error),
    fix: 'a smaller pipeline, or fewer and smaller outputs of what is carried over',
    retry: NO_RETRY,
  });
}

function toUnreachable(error: unknown): FaultError {
  return new FaultError({
    code: 'temporal-unreachable',
    message: 'Temporal does not answer',
    cause: error instanceof Error ? describeCause(error) : String(error),
    fix: 'buildit engine status shows whether it runs; it is started again by itself',
    retry: { kind: 'yes', afterMs: 500 },
  });
}

function describeCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
