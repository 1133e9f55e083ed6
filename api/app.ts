import { Hono } from 'hono';
import { v7 as createId } from 'uuid';
import { authenticating } from './access/authenticate.ts';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { mountRoutes } from './mount.ts';
import { ProblemError, toProblem } from './problem.ts';
import { listRoutes } from './routes.ts';

/** The whole API. Every answer has `X-Request-Id`; every refusal is a problem (UI §9). */
export function createApp(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();

  app.use(async (request, next) => {
    request.set('requestId', createId());
    request.set('isLocal', request.env.isLocal);
    request.set('principal', null);
    await next();
    request.header('X-Request-Id', request.get('requestId'));
  });
  app.get('/health', (request) => request.json({ status: 'ok' }));
  app.get('/ready', async (request) => {
    await context.database`SELECT 1`;
    return request.json({ status: 'ready' });
  });
  app.use('/api/*', authenticating(context));
  app.route('/api/v1', mountRoutes(context, listRoutes(context)));
  app.notFound((request) => {
    throw new ProblemError(404, 'not-found', `there is no ${request.req.method} ${request.req.path}`);
  });
  app.onError((thrown, request) => {
    const { problem } = toProblem(thrown);
    if (problem.status === 500) process.stderr.write(`${request.get('requestId')} ${thrown.stack ?? String(thrown)}\n`);
    return request.body(JSON.stringify({ ...problem, requestId: request.get('requestId') }), problem.status, {
      'Content-Type': 'application/problem+json',
      'X-Request-Id': request.get('requestId'),
      'Cache-Control': 'no-store',
      ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(problem.retry === 'no' ? {} : { 'Retry-After': String(Math.ceil(problem.retry.afterMs / 1_000)) }),
    });
  });
  return app;
}
