import type { Context } from 'hono';
import { v7 as createId } from 'uuid';
import type { Queryable } from '#db/client.ts';
import { revokeCliSession } from '#db/queries/cli-sessions.ts';
import { findLiveSession, insertSession, markSessionSeen, revokeSession, rotateSession } from '#db/queries/sessions.ts';
import type { LiveSession } from '#db/queries/sessions.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { readSessionCookie, writeSessionCookie } from './session-cookie.ts';
import { createSecret, hashSecret } from './token-text.ts';

const MAX_AGENT_LENGTH = 200;

/** The session of the request's cookie; a dead cookie is nobody, and is taken away. */
export async function findSession(context: ApiContext, request: Context<ApiEnvironment>): Promise<LiveSession | null> {
  const token = readSessionCookie(context, request);
  if (token === null) return null;
  const tokenHash = hashSecret(token);
  const session = await findLiveSession(context.database, tokenHash);
  if (!session) {
    request.set('sessionCookie', writeSessionCookie(context, null));
    return null;
  }
  if (session.isDue) {
    const next = createSecret();
    const change = { id: session.id, oldHash: tokenHash, newHash: hashSecret(next) };
    if (await rotateSession(context.database, change)) {
      request.set('sessionCookie', writeSessionCookie(context, next));
    }
  }
  if (session.isUnseen) await markSessionSeen(context.database, session.id, request.env.address);
  return session;
}

/**
 * Signs a browser in: a new session, whose token the answer carries as a cookie. The one the browser had ends, so that a
 * cookie somebody planted before is worth nothing (I19). `userId` null is the local user.
 */
export async function beginSession(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  userId: string | null,
  queryable: Queryable = context.database,
): Promise<{ sessionId: string; authenticatedAt: string }> {
  const old = readSessionCookie(context, request);
  const before = old === null ? null : await findLiveSession(context.database, hashSecret(old));
  if (before) await revokeSession(context.database, before.id, before.userId);
  const token = createSecret();
  const agent = (request.req.header('user-agent') ?? '').slice(0, MAX_AGENT_LENGTH);
  const sessionId = createId();
  const from = { address: request.env.address, agent };
  await insertSession(queryable, { id: sessionId, tokenHash: hashSecret(token), userId, ...from });
  request.set('sessionCookie', writeSessionCookie(context, token));
  return { sessionId, authenticatedAt: new Date().toISOString() };
}

/** Ends what the request came with: a browser's session or a command line's. An API token is neither, and stays. */
export async function endSession(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  { sessionId, userId }: Principal,
): Promise<void> {
  request.set('sessionCookie', writeSessionCookie(context, null));
  if (sessionId === null) return;
  if (userId !== null && (await revokeCliSession(context.database, sessionId, userId))) return;
  await revokeSession(context.database, sessionId, userId);
}
