import {
  ContinueAsNew,
  defaultPayloadConverter,
  proxySinks,
  workflowInfo,
  type Headers,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { formatTraceParent, parseTraceParent, workflowSpanId } from '#core/traceparent.ts';

/** Where a workflow tells that it has ended; the worker makes a span of it. */
export interface TraceSinks extends Sinks {
  trace: {
    ended(workflow: { parent: string; startedAt: number; error: string | null }): void;
  };
}

/** Name of the header with which an activity learns its place in the trace. */
const HEADER = 'traceparent';

/**
 * Hands the trace of the request that started the workflow on to its activities. The request's place in it is in the
 * memo; a workflow without one is in no trace, and nothing happens here. No command of the workflow depends on it.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { trace } = proxySinks<TraceSinks>();
  const mark = <Input extends { headers: Headers }>(input: Input): Input => {
    const { runId } = workflowInfo();
    const parent = parseTraceParent(readParent());
    if (!parent) return input;
    const own = formatTraceParent({ traceId: parent.traceId, spanId: workflowSpanId(runId) });
    return { ...input, headers: { ...input.headers, [HEADER]: defaultPayloadConverter.toPayload(own) } };
  };
  return {
    inbound: [
      {
        async execute(input, next) {
          const parent = readParent();
          if (parent === null) return next(input);
          const startedAt = workflowInfo().startTime.getTime();
          try {
            const result = await next(input);
            trace.ended({ parent, startedAt, error: null });
            return result;
          } catch (error) {
            // A run that goes on in a new execution has a span of each.
            const failure = error instanceof Error ? error.name : 'failed';
            trace.ended({ parent, startedAt, error: error instanceof ContinueAsNew ? null : failure });
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(mark(input)),
        scheduleLocalActivity: (input, next) => next(mark(input)),
      },
    ],
  };
};

/** The memo is there once the workflow runs, not yet when its interceptors are made. */
function readParent(): string | null {
  const parent = workflowInfo().memo?.['traceparent'];
  return typeof parent === 'string' && parseTraceParent(parent) ? parent : null;
}
