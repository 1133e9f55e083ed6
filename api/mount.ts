import { Hono, type Context } from 'hono';
import { inScope } from '#db/scope.ts';
import { authorize } from './access/authorize.ts';
import { scopeOfPrincipal, type Principal } from './access/principal.ts';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { readBody, readQuery } from './request-body.ts';
import type { Route } from './route.ts';

/** Routes as an app: authorized first, then checked against their schemas, then handled. */
export function mountRoutes(context: ApiContext, routes: readonly Route[]): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path, async (request) => answer(context, route, request));
  }
  return app;
}

async function answer(context: ApiContext, route: Route, request: Context<ApiEnvironment>): Promise<Response> {
  const principal = request.get('principal');
  const owner = await authorize(context, route.access, principal, {
    param: (name) => request.req.param(name) ?? '',
    query: (name) => request.req.query(name),
  });
  const query = route.query ? readQuery(request, route.query) : {};
  const body = route.body ? await readBody(request, route.body) : {};
  return route.handle({
    request,
    params: request.req.param() as Record<string, string>,
    query,
    body,
    // On a public route nobody may be there: its handler does not look.
    principal: principal as Principal,
    owner,
    data: (work) =>
      inScope(
        context.database,
        principal ? scopeOfPrincipal(principal) : { callerId: '', organizationIds: [], workspaceIds: [] },
        work,
      ),
  });
}
