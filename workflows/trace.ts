import {
  defaultPayloadConverter,
  proxySinks,
  workflowInfo,
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
  const { memo, runId, startTime } = workflowInfo();
  const parent = typeof memo?.['traceparent'] === 'string' ? memo['traceparent'] : null;
  const place = parseTraceParent(parent);
  if (parent === null || place === null) return {};
  const own = formatTraceParent({ traceId: place.traceId, spanId: workflowSpanId(runId) });
  const header = { [HEADER]: defaultPayloadConverter.toPayload(own) };
  const { trace } = proxySinks<TraceSinks>();
  return {
    inbound: [
      {
        async execute(input, next) {
          const startedAt = startTime.getTime();
          try {
            const result = await next(input);
            trace.ended({ parent, startedAt, error: null });
            return result;
          } catch (error) {
            trace.ended({ parent, startedAt, error: error instanceof Error ? error.name : 'failed' });
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...header } }),
        scheduleLocalActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...header } }),
      },
    ],
  };
};
