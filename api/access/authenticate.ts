import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { findLiveToken, markTokenUsed } from '#db/queries/api-tokens.ts';
import { findLiveCliSession, markCliSessionSeen } from '#db/queries/cli-sessions.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { findSession } from '../sign-in/sessions.ts';
import { hashSecret, isTokenText } from '../sign-in/token-text.ts';
import { loadLocalPrincipal } from './local-principal.ts';
import { refuseForeignOrigin, requireOwnPage } from './origin.ts';
import { limitToToken, loadOrganizations } from './person-principal.ts';
import type { Principal } from './principal.ts';

/** Sets who asks for all that follows, and the session's cookie on the answer when it is to change. */
export function authenticating(context: ApiContext): MiddlewareHandler<ApiEnvironment> {
  return async (request, next) => {
    request.set('sessionCookie', null);
    const principal = await authenticate(context, request);
    request.set('principal', principal);
    if (principal) request.set('caller', principal.actor);
    await next();
    const cookie = request.get('sessionCookie');
    if (cookie !== null) request.header('Set-Cookie', cookie, { append: true });
  };
}

/**
 * Who asks; null for a request that brings nothing, or a cookie whose session has ended. Throws 401 for a token that is
 * wrong, expired or revoked, and 403 for a page of another origin. Rights are read anew each time: what was taken away
 * is gone with the next request.
 */
async function authenticate(context: ApiContext, request: Context<ApiEnvironment>): Promise<Principal | null> {
  refuseForeignOrigin(context, request);
  const header = request.req.header('authorization');
  if (request.env.isLocal) {
    checkLocalToken(context.token, header);
    return loadLocalPrincipal(context.database);
  }
  if (header !== undefined) return authenticateBearer(context, request, header);
  const session = await findSession(context, request);
  if (!session) return null;
  requireOwnPage(context, request);
  const { id: sessionId, authenticatedAt, userId } = session;
  if (userId === null || session.userName === null) {
    // Signed in by `buildit open`: the owner's rights, but not the routes of the socket, which read paths of this machine.
    return { ...(await loadLocalPrincipal(context.database)), via: 'session', sessionId, authenticatedAt };
  }
  const { userName: name, isOperator } = session;
  return loadPerson(context, { id: userId, name, isOperator }, { via: 'session', sessionId, authenticatedAt });
}

/** A person with the rights they have now. */
export async function loadPerson(
  context: ApiContext,
  user: { id: string; name: string; isOperator: boolean },
  from: Pick<Principal, 'via' | 'sessionId' | 'authenticatedAt'>,
): Promise<Principal> {
  return {
    ...from,
    ...{
      actor: `user:${user.name}`,
      person: `user:${user.name}`,
      callerId: `user:${user.id}`,
      userId: user.id,
      isOperator: user.isOperator,
    },
    organizations: await loadOrganizations(context.database, user.id),
  };
}

async function authenticateBearer(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  header: string,
): Promise<Principal> {
  const [, token = ''] = /^Bearer ([A-Za-z0-9_]+)$/i.exec(header) ?? [];
  if (isTokenText(token, 'bi_cli_')) return authenticateCli(context, request, token);
  if (isTokenText(token, 'bi_pat_') || isTokenText(token, 'bi_org_')) {
    return authenticateToken(context, request, token);
  }
  throw refuseToken('the token is none of this server', 'take it whole, without quotes or spaces');
}

async function authenticateCli(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  token: string,
): Promise<Principal> {
  const session = await findLiveCliSession(context.database, hashSecret(token));
  if (!session) throw refuseToken('the sign-in has ended', 'sign in again: buildit login');
  if (session.isExpired) {
    throw new ProblemError(401, 'token-expired', 'the access token has expired', {
      hint: 'POST /api/v1/device/refresh answers another; the command line does so by itself',
    });
  }
  if (session.isUnseen) await markCliSessionSeen(context.database, session.id, request.env.address);
  const { id: sessionId, authenticatedAt, userId: id, userName: name, isOperator } = session;
  return loadPerson(context, { id, name, isOperator }, { via: 'token', sessionId, authenticatedAt });
}

async function authenticateToken(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  text: string,
): Promise<Principal> {
  const token = await findLiveToken(context.database, hashSecret(text));
  if (!token) throw refuseToken('the token is wrong, expired or revoked', 'make another: buildit tokens create');
  if (token.isUnseen) await markTokenUsed(context.database, token.id, request.env.address);
  return {
    ...{
      actor: `token:${token.name}`,
      person: `user:${token.userName}`,
      callerId: `token:${token.id}`,
      via: 'token',
      userId: token.userId,
    },
    ...{ sessionId: null, authenticatedAt: null, isOperator: false },
    organizations: limitToToken(await loadOrganizations(context.database, token.userId), token),
  };
}

function checkLocalToken(token: string | null, header: string | undefined): void {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (token !== null && given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)) return;
  throw refuseToken('the token is missing or wrong', 'the token is in engine.json of the data folder');
}

function refuseToken(detail: string, hint: string): ProblemError {
  return new ProblemError(401, 'not-signed-in', detail, { hint });
}
