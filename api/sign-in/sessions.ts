import type { Context } from 'hono';
import { v7 as createId } from 'uuid';
import { revokeCliSession } from '#db/queries/cli-sessions.ts';
import { findLiveSession, insertSession, markSessionSeen, revokeSession, rotateSession } from '#db/queries/sessions.ts';
import type { LiveSession } from '#db/queries/sessions.ts';
import type { Principal } from '../access/principal.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { recordAccountEvent } from './account-audit.ts';
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
 * cookie somebody planted before is worth nothing (I19). `user` null is the local user.
 */
export async function beginSession(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  user: { id: string; name: string } | null,
): Promise<{ sessionId: string; authenticatedAt: string }> {
  const old = readSessionCookie(context, request);
  const before = old === null ? null : await findLiveSession(context.database, hashSecret(old));
  const token = createSecret();
  const agent = (request.req.header('user-agent') ?? '').slice(0, MAX_AGENT_LENGTH);
  const sessionId = createId();
  const session = { id: sessionId, tokenHash: hashSecret(token), userId: user?.id ?? null, agent };
  await context.database.begin(async (transaction) => {
    if (before) await revokeSession(transaction, before.id, before.userId);
    await insertSession(transaction, { ...session, address: request.env.address });
    await recordAccountEvent(transaction, sourceOf(request, `user:${user?.name ?? 'local'}`), {
      ...{ action: 'session.create', account: user, detail: { session: sessionId, kind: 'browser', agent } },
    });
  });
  request.set('sessionCookie', writeSessionCookie(context, token));
  return { sessionId, authenticatedAt: new Date().toISOString() };
}

/** Signs the caller out: ends the session of the cookie or of the command line. An API token is neither, and stays. */
export async function endSession(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  principal: Principal,
): Promise<void> {
  request.set('sessionCookie', writeSessionCookie(context, null));
  if (principal.sessionId !== null) await endOneSession(context, request, principal, principal.sessionId);
}

/** Ends one of the person's sessions, of browsers and command lines alike; false when there is no such one. */
export async function endOneSession(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  { actor, userId }: Principal,
  id: string,
): Promise<boolean> {
  return context.database.begin(async (transaction) => {
    const hasEnded =
      (await revokeSession(transaction, id, userId)) ||
      (userId !== null && (await revokeCliSession(transaction, id, userId)));
    if (!hasEnded) return false;
    const account = userId === null ? null : { id: userId, name: actor.slice('user:'.length) };
    await recordAccountEvent(transaction, sourceOf(request, actor), {
      ...{ action: 'session.end', account, detail: { session: id } },
    });
    return true;
  });
}
