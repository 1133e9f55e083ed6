import { asJson, type Database, type Queryable } from '../client.ts';
import type { IdempotencyRow } from '../rows.ts';

export async function findAnswer(queryable: Queryable, caller: string, key: string): Promise<IdempotencyRow | null> {
  const [row] = await queryable<IdempotencyRow[]>`
    SELECT * FROM idempotency_keys
    WHERE caller = ${caller} AND key = ${key} AND created_at > now() - interval '24 hours'`;
  return row ?? null;
}

/** False: somebody has kept one for this key within a day. */
export async function keepAnswer(queryable: Queryable, answer: Omit<IdempotencyRow, 'createdAt'>): Promise<boolean> {
  const rows = await queryable`
    INSERT INTO idempotency_keys (caller, key, request_digest, status, headers, body)
    VALUES (${answer.caller}, ${answer.key}, ${answer.requestDigest}, ${answer.status},
      ${asJson(queryable, answer.headers)}, ${answer.body})
    ON CONFLICT (caller, key) DO UPDATE SET request_digest = excluded.request_digest, status = excluded.status,
      headers = excluded.headers, body = excluded.body, created_at = now()
    WHERE idempotency_keys.created_at <= now() - interval '24 hours'
    RETURNING key`;
  return rows.length > 0;
}

/** Answers how many. */
export async function forgetOldAnswers(database: Database): Promise<number> {
  const { count } = await database`DELETE FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'`;
  return count;
}

export async function countOldAnswers(database: Database): Promise<number> {
  const [row] = await database<{ count: number }[]>`
    SELECT count(*)::int AS count FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'`;
  return row?.count ?? 0;
}
