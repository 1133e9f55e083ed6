import type { SpanContext } from '@opentelemetry/api';
import type { OpenSpan, SpanStart, Tracing } from './tracing.ts';

/**
 * Tracing to an OTLP collector (`http://collector:4318`), null without one: the libraries take half a second to load,
 * which nobody pays who has no use for them. A collector that is away costs its spans and nothing else.
 */
export async function openTracing(endpoint: string | null, service: string, version: string): Promise<Tracing | null> {
  if (endpoint === null) return null;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const random = new sdk.RandomIdGenerator();
  let wanted: string | undefined;
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [
      new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }), {
        scheduledDelayMillis: 1_000,
      }),
    ],
    idGenerator: {
      generateTraceId: () => random.generateTraceId(),
      generateSpanId: () => wanted ?? random.generateSpanId(),
    },
  });
  const tracer = provider.getTracer('buildit', version);
  const kinds = {
    server: api.SpanKind.SERVER,
    internal: api.SpanKind.INTERNAL,
    consumer: api.SpanKind.CONSUMER,
  };
  return {
    start({ name, kind, parent, attributes, spanId, startedAt }: SpanStart): OpenSpan {
      const remote: SpanContext | null = parent && {
        ...parent,
        traceFlags: api.TraceFlags.SAMPLED,
        isRemote: true,
      };
      const context = remote ? api.trace.setSpanContext(api.ROOT_CONTEXT, remote) : api.ROOT_CONTEXT;
      wanted = spanId;
      const options = { kind: kinds[kind], attributes, ...(startedAt === undefined ? {} : { startTime: startedAt }) };
      const span = tracer.startSpan(name, options, context);
      wanted = undefined;
      return {
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        rename: (next) => void span.updateName(next),
        end(last, error) {
          span.setAttributes(last);
          if (error !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: error });
          span.end();
        },
      };
    },
    close: () => provider.shutdown().catch(() => {}),
  };
}
