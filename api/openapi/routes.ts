import { Hono } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import type { Route } from '../route.ts';
import { describeRoutes, type OpenApiDocument } from './document.ts';
import { renderDocument } from './page.ts';

/** The description of the API for programs and for people. It tells of routes alone, so anybody may read it. */
export function openApiRoutes(context: ApiContext, routes: readonly Route[]): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  let made: OpenApiDocument | null = null;
  // Made when somebody asks: it takes as long as a start of the process may.
  const describe = () => (made ??= describeRoutes(routes, context.version));

  app.get('/api/openapi.json', (request) => {
    request.set('route', '/api/openapi.json');
    return request.json(describe());
  });
  app.get('/api/docs', (request) => {
    request.set('route', '/api/docs');
    const { html, policy } = renderDocument(describe());
    return request.html(html, 200, { 'Content-Security-Policy': policy });
  });
  return app;
}
