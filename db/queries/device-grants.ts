import type { Database, Transaction } from '../client.ts';
import type { DeviceGrantRow } from '../rows.ts';

/** Keeps the codes of a sign-in that a command line asks for; forgets those that are over: anybody may ask for more. */
export async function insertDeviceGrant(
  database: Database,
  grant: Pick<DeviceGrantRow, 'id' | 'deviceCodeHash' | 'userCodeHash' | 'client' | 'address'> & { lifeMs: number },
): Promise<void> {
  await database`DELETE FROM device_grants WHERE expires_at < now()`;
  await database`
    INSERT INTO device_grants (id, device_code_hash, user_code_hash, client, address, state, expires_at)
    VALUES (${grant.id}, ${grant.deviceCodeHash}, ${grant.userCodeHash}, ${grant.client}, ${grant.address}, 'pending',
      now() + make_interval(secs => ${grant.lifeMs}::int / 1000.0))`;
}

/**
 * The sign-in a person was given the code of, bound from now on to their session: another session that has the code sees
 * nothing, and only this one can confirm (I22). Null for a code that is wrong, expired, decided or bound elsewhere.
 */
export async function bindDeviceGrant(
  database: Database,
  userCodeHash: string,
  session: { id: string; userId: string },
): Promise<DeviceGrantRow | null> {
  const [row] = await database<DeviceGrantRow[]>`
    UPDATE device_grants SET session_id = ${session.id}, user_id = ${session.userId}
    WHERE user_code_hash = ${userCodeHash} AND state = 'pending' AND expires_at > now()
      AND (session_id IS NULL OR session_id = ${session.id})
    RETURNING *`;
  return row ?? null;
}

/** The person's answer; null when there is nothing (any more) that this session could answer. */
export async function decideDeviceGrant(
  database: Database,
  userCodeHash: string,
  sessionId: string,
  state: 'approved' | 'denied',
): Promise<DeviceGrantRow | null> {
  const [row] = await database<DeviceGrantRow[]>`
    UPDATE device_grants SET state = ${state}
    WHERE user_code_hash = ${userCodeHash} AND session_id = ${sessionId} AND state = 'pending' AND expires_at > now()
    RETURNING *`;
  return row ?? null;
}

/** What a poll finds. `hurried`: it came sooner after the last than the interval says. */
export type PolledGrant = Pick<DeviceGrantRow, 'id' | 'state' | 'client' | 'address' | 'userId'> & {
  isExpired: boolean;
  isHurried: boolean;
  /** When the confirming person signed in; null when that session has ended meanwhile. */
  authenticatedAt: string | null;
};

/** Reads the grant of a device code and locks it until the transaction ends: tokens are given out once. */
export async function pollDeviceGrant(
  transaction: Transaction,
  deviceCodeHash: string,
  intervalMs: number,
): Promise<PolledGrant | null> {
  const [row] = await transaction<PolledGrant[]>`
    SELECT kept.id, kept.state, kept.client, kept.address, kept.user_id, kept.expires_at <= now() AS is_expired,
      coalesce(kept.last_polled_at > now() - make_interval(secs => ${intervalMs}::int / 1000.0), false) AS is_hurried,
      (SELECT sessions.authenticated_at FROM sessions
        WHERE sessions.id = kept.session_id AND sessions.revoked_at IS NULL) AS authenticated_at
    FROM device_grants kept WHERE kept.device_code_hash = ${deviceCodeHash} FOR UPDATE OF kept`;
  if (row) await transaction`UPDATE device_grants SET last_polled_at = now() WHERE id = ${row.id}`;
  return row ?? null;
}

export async function markGrantUsed(transaction: Transaction, id: string): Promise<void> {
  await transaction`UPDATE device_grants SET state = 'used' WHERE id = ${id}`;
}
