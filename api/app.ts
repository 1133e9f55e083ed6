import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { v7 as createId } from 'uuid';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { ProblemError, toProblem } from './problem.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { commandRoutes } from './routes/commands.ts';
import { logRoutes } from './routes/logs.ts';
import { runPartRoutes } from './routes/run-parts.ts';
import { runRoutes } from './routes/runs.ts';
import { streamRoutes } from './routes/stream.ts';
import { systemRoutes } from './routes/system.ts';

/** Over the socket there is one user: whoever may read the token. */
export const LOCAL_USER = 'user:local';

/** The whole API. Every answer has `X-Request-Id`; every refusal is a problem (UI §9). */
export function createApp(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();

  app.use(async (request, next) => {
    request.set('requestId', createId());
    request.set('isLocal', request.env.isLocal);
    await next();
    request.header('X-Request-Id', request.get('requestId'));
  });
  app.get('/health', (request) => request.json({ status: 'ok' }));
  app.get('/ready', async (request) => {
    await context.database`SELECT 1`;
    return request.json({ status: 'ready' });
  });
  app.use('/api/*', async (request, next) => {
    refuseForeignOrigin(request.req.header('origin'));
    checkToken(context.token, request.req.header('authorization'));
    request.set('caller', LOCAL_USER);
    await next();
  });
  const parts = [runRoutes, runPartRoutes, logRoutes, artifactRoutes, commandRoutes, streamRoutes, systemRoutes];
  for (const createRoutes of parts) app.route('/api/v1', createRoutes(context));
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

/** No page of a browser has business on the socket (UI §9). */
function refuseForeignOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  throw new ProblemError(403, 'origin-foreign', `requests from ${origin} are not taken`);
}

function checkToken(token: string, header: string | undefined): void {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)) return;
  throw new ProblemError(401, 'not-signed-in', 'the token is missing or wrong', {
    hint: 'the token is in engine.json of the data folder',
  });
}
