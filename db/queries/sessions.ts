import type { Database, Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { SessionRow } from '../rows.ts';

/** A session that counts now, as authentication needs it. */
export interface LiveSession {
  id: string;
  /** Null for the local user. */
  userId: string | null;
  userName: string | null;
  isOperator: boolean;
  authenticatedAt: string;
  /** A day old, or the person's rights have changed: it is to get a new token. */
  isDue: boolean;
  /** Not marked as seen for a minute. */
  isUnseen: boolean;
}

/** Both limits of I19: 12 hours without a request, 7 days in all (`expires_at`). */
export async function findLiveSession(database: Database, tokenHash: string): Promise<LiveSession | null> {
  const [row] = await database<LiveSession[]>`
    SELECT sessions.id, sessions.user_id, users.name AS user_name, coalesce(users.is_operator, true) AS is_operator,
      sessions.authenticated_at,
      sessions.token_hash = ${tokenHash} AND sessions.rotated_at < now() - interval '1 day' AS is_due,
      sessions.last_seen_at < now() - interval '1 minute' AS is_unseen
    FROM sessions LEFT JOIN users ON users.id = sessions.user_id
    WHERE (sessions.token_hash = ${tokenHash}
        OR (sessions.previous_hash = ${tokenHash} AND sessions.rotated_at > now() - interval '1 minute'))
      AND sessions.revoked_at IS NULL AND sessions.expires_at > now()
      AND sessions.last_seen_at > now() - interval '12 hours' AND users.disabled_at IS NULL`;
  return row ?? null;
}

/** Begins one: 7 days at most, authenticated now. Forgets those that ended a month ago. */
export async function insertSession(
  queryable: Queryable,
  session: Pick<SessionRow, 'id' | 'tokenHash' | 'userId' | 'address' | 'agent'>,
): Promise<void> {
  await queryable`DELETE FROM sessions WHERE expires_at < now() - interval '30 days'`;
  await queryable`
    INSERT INTO sessions
      (id, token_hash, user_id, address, agent, authenticated_at, rotated_at, last_seen_at, expires_at)
    VALUES (${session.id}, ${session.tokenHash}, ${session.userId}, ${session.address}, ${session.agent},
      now(), now(), now(), now() + interval '7 days')`;
}

/** Gives it a new token, once among requests at the same time; true for the one that did. */
export async function rotateSession(
  database: Database,
  change: { id: string; oldHash: string; newHash: string },
): Promise<boolean> {
  const rows = await database`
    UPDATE sessions SET token_hash = ${change.newHash}, previous_hash = token_hash, rotated_at = now()
    WHERE id = ${change.id} AND token_hash = ${change.oldHash} RETURNING id`;
  return rows.length > 0;
}

export async function markSessionSeen(database: Database, id: string, address: string): Promise<void> {
  await database`
    WITH seen AS (UPDATE sessions SET last_seen_at = now(), address = ${address} WHERE id = ${id} RETURNING user_id)
    UPDATE users SET last_seen_at = now() FROM seen WHERE users.id = seen.user_id`;
}

/** Ends one of the person's, if there is such a one; of the local user's with null. */
export async function revokeSession(database: Queryable, id: string, userId: string | null): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await database`
    UPDATE sessions SET revoked_at = now()
    WHERE id = ${id} AND user_id IS NOT DISTINCT FROM ${userId}::uuid AND revoked_at IS NULL RETURNING id`;
  return rows.length > 0;
}

/** Sign-ins of a person that count now: browsers and command lines, the last used first. */
export interface ListedSession {
  id: string;
  kind: 'browser' | 'cli';
  client: string;
  address: string;
  authenticatedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  createdAt: string;
}

export async function listSessions(database: Database, userId: string): Promise<ListedSession[]> {
  return database<ListedSession[]>`
    SELECT id, 'browser' AS kind, agent AS client, address, authenticated_at, last_seen_at, expires_at, created_at
    FROM sessions
    WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > now() AND last_seen_at > now() - interval '12 hours'
    UNION ALL
    SELECT id, 'cli' AS kind, client, address, authenticated_at, last_seen_at, expires_at, created_at
    FROM cli_sessions
    WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > now() AND last_seen_at > now() - interval '30 days'
    ORDER BY last_seen_at DESC LIMIT 200`;
}
