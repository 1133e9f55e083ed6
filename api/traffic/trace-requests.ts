import type { MiddlewareHandler } from 'hono';
import { formatTraceParent, parseTraceParent } from '#core/traceparent.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';

/**
 * A span for each request, below the caller's own when it sends a `traceparent`. What the request starts carries it on:
 * a run's workflow and its activities are in the same trace.
 */
export function traceRequests(context: ApiContext): MiddlewareHandler<ApiEnvironment> {
  return async (request, next) => {
    const { tracing } = context;
    if (!tracing) return next();
    const { method } = request.req;
    const span = tracing.start({
      name: method,
      kind: 'server',
      parent: parseTraceParent(request.req.header('traceparent')),
      attributes: { 'http.request.method': method, 'buildit.request_id': request.get('requestId') },
    });
    request.set('traceId', span.traceId);
    request.set('traceParent', formatTraceParent(span));
    await next();
    const { status } = request.res;
    const route = request.get('route');
    if (route !== null) span.rename(`${method} ${route}`);
    const attributes = { 'http.response.status_code': status, ...(route === null ? {} : { 'http.route': route }) };
    span.end(attributes, status >= 500 ? String(status) : undefined);
  };
}
