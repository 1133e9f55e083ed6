import { Hono, type Context } from 'hono';
import * as z from 'zod/mini';
import type { Database } from '#db/client.ts';
import { inScope, inScopeBriefly } from '#db/scope.ts';
import { authorize } from './access/authorize.ts';
import { scopeOfPrincipal, type Owner, type Principal } from './access/principal.ts';
import { recordRefusal } from './audit/record-refusal.ts';
import { tellWhoChanged } from './audit/tell-who-changed.ts';
import type { ApiContext, ApiEnvironment } from './context.ts';
import { checkIdempotencyKey } from './idempotency.ts';
import { readBody, readQuery, requireType } from './request-body.ts';
import type { Call, Route, RouteAccess } from './route.ts';

/** Routes as an app: authorized first, then checked against their schemas, then handled. */
export function mountRoutes(context: ApiContext, routes: readonly Route[]): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path, async (request) => {
      request.set('route', route.path);
      const response = await answer(context, route, request);
      if (request.req.raw.method !== 'HEAD') return response;
      // A stream would go on for nobody.
      request.env.writeBody = null;
      await response.body?.cancel();
      return new Response(null, response);
    });
  }
  return app;
}

/** Methods that a path has, in capitals; none when there is no such path. A path without parameters goes first. */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  const exact = routes.filter((route) => route.path === path);
  const found = exact.length > 0 ? exact : routes.filter((route) => toPattern(route.path).test(path));
  const methods = found.map(({ method }) => method.toUpperCase());
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)];
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`);
}

const NOTHING = z.strictObject({});

/** Query parameters that {@link authorize} has read already, by kind of access. */
const SCOPE_PARAMETERS: Partial<Record<RouteAccess['kind'], string>> = {
  // Where one of several objects with one name is.
  object: 'workspace',
  workspace: 'workspace',
  organization: 'organization',
};

async function answer(context: ApiContext, route: Route, request: Context<ApiEnvironment>): Promise<Response> {
  const principal = request.get('principal');
  const found: { owner: Owner | null } = { owner: null };
  try {
    return await handle(context, route, request, found);
  } catch (thrown) {
    if (principal) await recordRefusal(context, request, route, principal, found.owner, thrown);
    throw await tellWhoChanged(context, found.owner, thrown);
  }
}

/** `found` tells the owner also when what comes after fails. */
async function handle(
  context: ApiContext,
  route: Route,
  request: Context<ApiEnvironment>,
  found: { owner: Owner | null },
): Promise<Response> {
  const principal = request.get('principal');
  const owner = await authorize(context, route.access, principal, {
    param: (name) => request.req.param(name) ?? '',
    query: (name) => request.req.query(name),
  });
  found.owner = owner;
  const params = request.req.param() as Record<string, string>;
  if (owner?.id !== undefined && route.access.kind === 'object') params[route.access.param] = owner.id;
  const query = readQuery(request, route.query ?? NOTHING, SCOPE_PARAMETERS[route.access.kind] ?? null);
  if (route.method !== 'get') checkIdempotencyKey(request);
  const seen = route.access.kind === 'signed-in' ? route.access.action : undefined;
  if (route.bytes !== undefined) requireType(request, route.bytes);
  const isBodyless = route.method === 'get' || route.bytes !== undefined;
  const body = isBodyless ? {} : await readBody(request, route.body ?? NOTHING);
  const scope = {
    ...(principal ? scopeOfPrincipal(principal, seen) : { callerId: '', organizationIds: [], workspaceIds: [] }),
    traceParent: request.get('traceParent'),
  };
  return route.handle({
    request,
    params,
    query,
    body,
    // On a public route nobody may be there: its handler does not look.
    principal: principal as Principal,
    owner,
    ...openData(context.database, scope),
  });
}

/** Apart from all that a request has: an open stream keeps it. */
function openData(database: Database, scope: Parameters<typeof inScope>[1]): Pick<Call, 'data' | 'dataBriefly'> {
  return {
    data: (work) => inScope(database, scope, work),
    dataBriefly: (work) => inScopeBriefly(database, scope, work),
  };
}
