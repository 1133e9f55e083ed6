import type { TraceParent } from '#core/traceparent.ts';

/** Work that takes time, as a trace shows it. */
export interface SpanStart {
  name: string;
  kind: 'server' | 'internal' | 'consumer';
  /** Null begins a trace. */
  parent: TraceParent | null;
  attributes: Record<string, string | number>;
  /** An id that others know already; else any. */
  spanId?: string;
  /** ms since epoch; else now. */
  startedAt?: number;
}

export interface OpenSpan extends TraceParent {
  rename(name: string): void;
  /** `error` marks it as failed. */
  end(attributes: Record<string, string | number>, error?: string): void;
}

/** Sends spans to a collector. */
export interface Tracing {
  start(span: SpanStart): OpenSpan;
  /** Sends what is left. */
  close(): Promise<void>;
}
