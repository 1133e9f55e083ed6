import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { loadLocalPrincipal } from './local-principal.ts';
import type { Principal } from './principal.ts';

/** Who asks. Throws 401 for a token that is missing or wrong, 403 for a page of another origin. */
export async function authenticate(context: ApiContext, request: Context<ApiEnvironment>): Promise<Principal> {
  refuseForeignOrigin(request.req.header('origin'));
  checkToken(context.token, request.req.header('authorization'));
  return loadLocalPrincipal(context.database);
}

/** No page of a browser has business on the socket (UI §9). */
function refuseForeignOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  throw new ProblemError(403, 'origin-foreign', `requests from ${origin} are not taken`);
}

function checkToken(token: string | null, header: string | undefined): void {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (token !== null && given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)) return;
  throw new ProblemError(401, 'not-signed-in', 'the token is missing or wrong', {
    hint: 'the token is in engine.json of the data folder',
  });
}
