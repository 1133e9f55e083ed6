import type { Database, Queryable, Transaction } from '../client.ts';
import { isId } from '../id.ts';
import type { CliSessionRow } from '../rows.ts';

/** A command line's session that counts now, as authentication needs it. */
export interface LiveCliSession {
  id: string;
  userId: string;
  userName: string;
  isOperator: boolean;
  authenticatedAt: string;
  /** Of the access token; the session itself goes on. */
  isExpired: boolean;
  isUnseen: boolean;
}

export async function findLiveCliSession(database: Database, accessHash: string): Promise<LiveCliSession | null> {
  const [row] = await database<LiveCliSession[]>`
    SELECT kept.id, kept.user_id, users.name AS user_name, users.is_operator, kept.authenticated_at,
      kept.access_expires_at <= now() AS is_expired, kept.last_seen_at < now() - interval '1 minute' AS is_unseen
    FROM cli_sessions kept JOIN users ON users.id = kept.user_id
    WHERE kept.access_hash = ${accessHash} AND kept.revoked_at IS NULL AND kept.expires_at > now()
      AND users.disabled_at IS NULL`;
  return row ?? null;
}

/**
 * Begins one: an hour for the access token, 90 days in all. Answers when the access token ends. Forgets those that ended
 * a month ago, with the refresh tokens they had used.
 */
export async function insertCliSession(
  transaction: Transaction,
  session: Pick<
    CliSessionRow,
    'id' | 'userId' | 'client' | 'address' | 'accessHash' | 'refreshHash' | 'authenticatedAt'
  >,
): Promise<string> {
  await transaction`DELETE FROM cli_sessions WHERE expires_at < now() - interval '30 days'`;
  const [row] = await transaction<{ accessExpiresAt: string }[]>`
    INSERT INTO cli_sessions (id, user_id, client, address, access_hash, access_expires_at, refresh_hash,
      refreshed_at, authenticated_at, last_seen_at, expires_at)
    VALUES (${session.id}, ${session.userId}, ${session.client}, ${session.address}, ${session.accessHash},
      now() + interval '1 hour', ${session.refreshHash}, now(), ${session.authenticatedAt}, now(),
      now() + interval '90 days')
    RETURNING access_expires_at`;
  if (!row) throw new Error('an inserted row is answered');
  return row.accessExpiresAt;
}

export async function markCliSessionSeen(database: Database, id: string, address: string): Promise<void> {
  await database`
    WITH seen AS (UPDATE cli_sessions SET last_seen_at = now(), address = ${address} WHERE id = ${id} RETURNING user_id)
    UPDATE users SET last_seen_at = now() FROM seen WHERE users.id = seen.user_id`;
}

export async function revokeCliSession(database: Queryable, id: string, userId: string): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await database`
    UPDATE cli_sessions SET revoked_at = now()
    WHERE id = ${id} AND user_id = ${userId} AND revoked_at IS NULL RETURNING id`;
  return rows.length > 0;
}

export type RefreshOutcome =
  | { kind: 'refreshed'; accessExpiresAt: string }
  /** Two commands of one machine refreshed at once; this one came second. */
  | { kind: 'raced' }
  /** A token came again: whose session this was is not certain any more, so it has ended. */
  | { kind: 'reused'; sessionId: string; user: { id: string; name: string } }
  | { kind: 'unknown' };

/**
 * Takes a refresh token, which works once, for new tokens. A second use within 10 s of the first is a race of two
 * commands and changes nothing; a later one ends the session (I22). A session not used for 30 days has ended.
 */
export async function refreshCliSession(
  transaction: Transaction,
  tokens: { oldHash: string; accessHash: string; refreshHash: string },
): Promise<RefreshOutcome> {
  const [row] = await transaction<{ id: string; accessExpiresAt: string }[]>`
    UPDATE cli_sessions SET access_hash = ${tokens.accessHash}, refresh_hash = ${tokens.refreshHash},
      access_expires_at = least(now() + interval '1 hour', expires_at), refreshed_at = now(), last_seen_at = now()
    WHERE refresh_hash = ${tokens.oldHash} AND revoked_at IS NULL AND expires_at > now()
      AND last_seen_at > now() - interval '30 days'
      AND EXISTS (SELECT FROM users WHERE users.id = cli_sessions.user_id AND users.disabled_at IS NULL)
    RETURNING id, access_expires_at`;
  if (row) {
    await transaction`
      INSERT INTO used_refresh_tokens (token_hash, cli_session_id) VALUES (${tokens.oldHash}, ${row.id})`;
    return { kind: 'refreshed', accessExpiresAt: row.accessExpiresAt };
  }
  const [used] = await transaction<{ sessionId: string; userId: string; userName: string; isRace: boolean }[]>`
    SELECT sessions.id AS session_id, users.id AS user_id, users.name AS user_name,
      used.used_at > now() - interval '10 seconds' AS is_race
    FROM used_refresh_tokens used JOIN cli_sessions sessions ON sessions.id = used.cli_session_id
      JOIN users ON users.id = sessions.user_id
    WHERE used.token_hash = ${tokens.oldHash} AND sessions.revoked_at IS NULL`;
  if (!used) return { kind: 'unknown' };
  if (used.isRace) return { kind: 'raced' };
  await transaction`UPDATE cli_sessions SET revoked_at = now() WHERE id = ${used.sessionId}`;
  return { kind: 'reused', sessionId: used.sessionId, user: { id: used.userId, name: used.userName } };
}
