/** Place in a trace as it is handed on (W3C Trace Context, version 00). */
export interface TraceParent {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
}

/** Null for what is none, or all zeros. */
export function parseTraceParent(text: string | null | undefined): TraceParent | null {
  const groups = /^00-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-[0-9a-f]{2}$/.exec(text ?? '')?.groups;
  const { traceId = '', spanId = '' } = groups ?? {};
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? { traceId, spanId } : null;
}

export function formatTraceParent({ traceId, spanId }: TraceParent): string {
  return `00-${traceId}-${spanId}-01`;
}

/**
 * Span of a workflow, from the id that Temporal gave its run: everyone who is part of it knows it without being told,
 * the same at each replay.
 */
export function workflowSpanId(workflowRunId: string): string {
  return workflowRunId.replaceAll('-', '').slice(-16);
}
