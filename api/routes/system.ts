import { Hono } from 'hono';
import { readHealth } from '#db/queries/health.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';

/** How the parts behind the API are. */
export function systemRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  app.get('/system/health', async (request) => {
    const begun = performance.now();
    const health = await readHealth(context.database);
    return request.json({
      status: 'ok',
      version: context.version,
      serverTime: new Date().toISOString(),
      database: { answerMs: Math.round(performance.now() - begun), ...health },
    });
  });
  return app;
}
