import type { MiddlewareHandler } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';

/**
 * Tells of each request once its answer begins: a line of the log, and the metrics. Paths are told as the route's, and
 * nothing of query, headers or bodies: no id that is a secret, no token can get into a log. The socket is one
 * person's and too busy to be worth a line; our own errors are told anyway (answer-problem.ts).
 */
export function observeRequests(context: ApiContext): MiddlewareHandler<ApiEnvironment> {
  const write = context.settings.logFormat === 'json' ? writeJson : writeText;
  return async (request, next) => {
    const begun = performance.now();
    await next();
    const ms = Math.round((performance.now() - begun) * 10) / 10;
    const { status } = request.res;
    const route = request.get('route') ?? 'none';
    context.metrics.countRequest({ route, method: request.req.method, status, ms });
    if (request.env.isLocal) return;
    const line: LogLine = {
      time: new Date().toISOString(),
      level: status < 500 ? 'info' : 'error',
      requestId: request.get('requestId'),
      method: request.req.method,
      route,
      status,
      ms,
      actor: request.get('principal')?.actor ?? null,
      address: request.env.address,
      traceId: request.get('traceId'),
    };
    context.writeLog(write(line));
  };
}

interface LogLine {
  time: string;
  level: 'info' | 'error';
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  actor: string | null;
  address: string;
  traceId: string | null;
}

function writeJson(line: LogLine): string {
  return JSON.stringify(line);
}

function writeText(line: LogLine): string {
  const { time, method, route, status, ms, actor, address, requestId } = line;
  return `${time} ${status} ${method} ${route} ${ms} ms ${actor ?? '-'} ${address} ${requestId}`;
}
