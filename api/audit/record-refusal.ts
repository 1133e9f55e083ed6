import type { Context } from 'hono';
import { inScope } from '#db/scope.ts';
import { RefusedError } from '../access/authorize.ts';
import { scopeOfPrincipal, type Owner, type Principal } from '../access/principal.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { sourceOf, writeEvent } from './record-audit.ts';
import { RefusedObjectError } from './refused-object.ts';

/**
 * Adds a write that was refused for want of a right (403) to the audit of where it was tried. What belongs to no
 * organization, as the routes of operators, goes to those the caller is in. Reads are not audited.
 */
export async function recordRefusal(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  route: Pick<Route, 'method' | 'name' | 'access' | 'tag'>,
  principal: Principal,
  owner: Owner | null,
  thrown: unknown,
): Promise<void> {
  if (route.method === 'get' || !(thrown instanceof ProblemError) || thrown.problem.status !== 403) return;
  const { code, detail } = thrown.problem;
  const where = thrown instanceof RefusedError || thrown instanceof RefusedObjectError ? thrown.owner : owner;
  const owners = where ? [where] : principal.organizations.map(({ id }) => ({ organizationId: id, workspaceId: null }));
  const { access } = route;
  const reference = access.kind === 'object' ? (request.req.param(access.param) ?? '') : '';
  const named = { kind: access.kind === 'object' ? access.object : route.tag, id: reference, name: reference };
  const object = thrown instanceof RefusedObjectError ? thrown.object : named;
  await inScope(context.database, scopeOfPrincipal(principal), async (scoped) => {
    // Always in one order: the ends of the chains are locked when this commits.
    for (const each of owners.toSorted((a, b) => (a.organizationId < b.organizationId ? -1 : 1))) {
      await writeEvent(scoped, sourceOf(request, principal.actor), {
        ...{ action: route.name, owner: each, object, detail: { reason: detail }, verdict: 'refused', code },
      });
    }
  });
}
