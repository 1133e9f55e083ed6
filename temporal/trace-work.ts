import { ApplicationFailure, CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { parseTraceParent, workflowSpanId } from '#core/traceparent.ts';
import type { Tracing } from '#tracing/tracing.ts';
import type { TraceSinks } from '#workflows/trace.ts';

/** What a worker needs to tell of its work; without tracing it is heard and forgotten. */
export function traceWork(tracing: Tracing | null): {
  sinks: InjectedSinks<TraceSinks>;
  interceptors: { activity: ActivityInterceptorsFactory[] };
} {
  return {
    sinks: {
      trace: {
        ended: {
          fn({ runId, workflowType, workflowId }, { parent, startedAt, error }) {
            const span = tracing?.start({
              name: workflowType,
              kind: 'internal',
              parent: parseTraceParent(parent),
              spanId: workflowSpanId(runId),
              startedAt,
              attributes: { 'temporal.workflow_id': workflowId },
            });
            span?.end({}, error ?? undefined);
          },
        },
      },
    },
    interceptors: { activity: tracing ? [traceActivity(tracing)] : [] },
  };
}

function traceActivity(tracing: Tracing): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const header = input.headers['traceparent'];
        const parent = parseTraceParent(header ? defaultPayloadConverter.fromPayload<string>(header) : null);
        // Without a trace there is nobody who would look for it: the reconciler's own work each minute.
        if (!parent) return next(input);
        const span = tracing.start({
          name: info.activityType,
          kind: 'consumer',
          parent,
          attributes: { 'temporal.workflow_id': info.workflowExecution?.workflowId ?? '', attempt: info.attempt },
        });
        try {
          const result = await next(input);
          span.end({});
          return result;
        } catch (error) {
          span.end({}, describe(error));
          throw error;
        }
      },
    },
  });
}

/** By its kind alone: a message may hold what a stage printed. */
function describe(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? 'failed';
  return error instanceof CancelledFailure ? 'cancelled' : 'failed';
}
