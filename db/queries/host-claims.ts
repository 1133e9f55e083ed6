import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database } from '../client.ts';

export interface ClaimRowKey {
  runId: string;
  hostId: string;
}

/** Takes or renews the claim, by the database's clock; answers how many claims hold the host. Throws `host-lost`. */
export async function claimHost(
  database: Database,
  claim: ClaimRowKey & { queue: string; leaseMs: number },
): Promise<number> {
  const [held] = await database<{ count: number }[]>`
    WITH taken AS (
      INSERT INTO host_claims (run_id, host_id, queue, lease_ms, renewed_at)
      VALUES (${claim.runId}, ${claim.hostId}, ${claim.queue}, ${claim.leaseMs}, now())
      ON CONFLICT (run_id, host_id) DO UPDATE SET queue = excluded.queue, lease_ms = excluded.lease_ms,
        renewed_at = now(), released = false
      WHERE NOT host_claims.lost
      RETURNING run_id)
    SELECT 1 + (
      SELECT count(*)::int FROM host_claims
      WHERE host_id = ${claim.hostId} AND run_id <> ${claim.runId} AND NOT lost AND NOT released) AS count
    FROM taken`;
  if (held) return held.count;
  throw new FaultError({
    code: 'host-lost',
    message: `host ${claim.hostId} was given up for this run`,
    cause: 'its lease ran out while nothing was heard of it',
    retry: NO_RETRY,
  });
}

export async function renewClaims(database: Database, hostId: string): Promise<{ renewed: string[]; lost: string[] }> {
  const renewed = await database<{ runId: string }[]>`
    UPDATE host_claims SET renewed_at = now()
    WHERE host_id = ${hostId} AND NOT lost AND NOT released RETURNING run_id`;
  const lost = await database<{ runId: string }[]>`
    SELECT run_id FROM host_claims WHERE host_id = ${hostId} AND lost AND NOT released`;
  return { renewed: renewed.map((row) => row.runId), lost: lost.map((row) => row.runId) };
}

/**
 * Marks a claim lost that was not renewed for half of its lease: from now on nothing can prolong it. One that was is
 * the claim of a host that lives and has much to do. What remains of a lost one is the other half, whatever the
 * database's clock says: were it set on meanwhile, a host that lives must hear of its loss before its run goes on
 * elsewhere. Were it set back, what was renewed in its future counts from now.
 */
export async function loseClaim(
  database: Database,
  claim: ClaimRowKey,
): Promise<{ isLost: boolean; remainingMs: number }> {
  const [row] = await database<{ isLost: boolean; remainingMs: number }[]>`
    UPDATE host_claims SET lost = lost OR renewed_at < now() - 0.5 * lease_ms * interval '1 millisecond',
      renewed_at = least(renewed_at, now())
    WHERE run_id = ${claim.runId} AND host_id = ${claim.hostId}
    RETURNING lost AS is_lost, ceil(0.5 * lease_ms)::int AS remaining_ms`;
  return row ?? { isLost: true, remainingMs: 0 };
}

export async function releaseClaim(database: Database, claim: ClaimRowKey): Promise<void> {
  await database`
    UPDATE host_claims SET released = true WHERE run_id = ${claim.runId} AND host_id = ${claim.hostId}`;
}

/** Private queues of hosts that hold a run now. */
export async function listClaimedQueues(database: Database): Promise<string[]> {
  const rows = await database<{ queue: string }[]>`
    SELECT DISTINCT queue FROM host_claims WHERE NOT lost AND NOT released ORDER BY queue`;
  return rows.map((row) => row.queue);
}

/**
 * Of runs that have ended: those without a lease, whose worker died when it left the host too often to say so, after
 * `settleMs`; the others when it was long ago, on hosts that never came back: nobody has to renew them.
 */
export async function releaseOldClaims(database: Database, settleMs: number): Promise<void> {
  await database`
    UPDATE host_claims SET released = true FROM runs
    WHERE NOT host_claims.released AND runs.id = host_claims.run_id
      AND runs.ended_at < now() -
        CASE lease_ms WHEN 0 THEN ${settleMs} * interval '1 millisecond' ELSE interval '1 hour' END`;
}
