import { Hono } from 'hono';
import { v7 as createId } from 'uuid';
import { authenticating } from './access/authenticate.ts';
import { answerProblem } from './answer-problem.ts';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { healthRoutes } from './health/routes.ts';
import { methodsOf, mountRoutes } from './mount.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { pageRoutes } from './pages/pages.ts';
import { ProblemError } from './problem.ts';
import { listRoutes } from './routes.ts';
import { limitRate } from './traffic/rate-limit.ts';
import { observeRequests } from './traffic/request-log.ts';
import { securityHeaders } from './traffic/security-headers.ts';
import { traceRequests } from './traffic/trace-requests.ts';
import { webRoutes } from './web/routes.ts';

const PREFIX = '/api/v1';

/** The whole API. Every answer has `X-Request-Id`; every refusal is a problem (UI §9). */
export function createApp(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const routes = listRoutes(context);
  const rates = limitRate(context.settings.rateLimits);

  app.use(async (request, next) => {
    request.set('requestId', createId());
    request.set('isLocal', request.env.isLocal);
    request.set('principal', null);
    request.set('route', null);
    request.set('traceId', null);
    request.set('traceParent', null);
    await next();
    request.header('X-Request-Id', request.get('requestId'));
  });
  app.use(securityHeaders(context), observeRequests(context), traceRequests(context));
  app.route('/', healthRoutes(context));
  app.use('/api/*', rates.outer, authenticating(context), rates.inner);
  app.route('/', openApiRoutes(context, routes));
  app.route(PREFIX, mountRoutes(context, routes));
  app.route('/', pageRoutes(context));
  app.route('/', webRoutes(context));
  app.notFound((request) => {
    const { method, path } = request.req;
    const methods = path.startsWith(`${PREFIX}/`) ? methodsOf(routes, path.slice(PREFIX.length)) : [];
    if (methods.length === 0) throw new ProblemError(404, 'not-found', `there is no ${method} ${path}`);
    const allowed = methods.join(', ');
    throw new ProblemError(405, 'method-not-allowed', `${path} has no ${method}`, {
      hint: `it has ${allowed}`,
      headers: { Allow: allowed },
    });
  });
  app.onError((thrown, request) => answerProblem(request, thrown));
  return app;
}
