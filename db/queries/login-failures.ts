import type { Database, Transaction } from '../client.ts';

/** How many guesses at one thing are free, before each costs twice the wait of the last. */
export interface GuessLimit {
  key: string;
  free: number;
}

/**
 * Counts a guess by all its keys before it is looked at, so that many at once are counted too. Answers null, or for how
 * long one of the keys takes no guess: then it counts for none of them. Counts are forgotten after a day without a
 * guess.
 */
export async function countGuess(
  database: Database,
  limits: readonly GuessLimit[],
): Promise<{ blockedMs: number } | null> {
  const isCounted = await database
    .begin(async (transaction) => {
      for (const limit of limits) {
        if (!(await countOne(transaction, limit))) throw BLOCKED;
      }
      return true;
    })
    .catch((thrown: unknown) => {
      if (thrown === BLOCKED) return false;
      throw thrown;
    });
  if (isCounted) return null;
  const [row] = await database<{ blockedMs: number | null }[]>`
    SELECT ceil(extract(epoch FROM max(blocked_until) - now()) * 1000)::int AS blocked_ms
    FROM login_failures WHERE key IN ${database(limits.map(({ key }) => key))}`;
  return { blockedMs: Math.max(1_000, row?.blockedMs ?? 0) };
}

/** Takes the transaction back. */
const BLOCKED = new Error('a key takes no guess');

/** False while the key takes none. */
async function countOne(transaction: Transaction, { key, free }: GuessLimit): Promise<boolean> {
  const rows = await transaction`
    INSERT INTO login_failures AS kept (key, failures, last_at) VALUES (${key}, 1, now())
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN kept.last_at < now() - interval '1 day' THEN 1 ELSE kept.failures + 1 END,
      last_at = now(),
      blocked_until = CASE WHEN kept.last_at >= now() - interval '1 day' AND kept.failures + 1 >= ${free}::int
        THEN now() + least(interval '15 minutes', interval '5 seconds' * power(2, least(kept.failures + 1 - ${free}::int, 20)))
      END
    WHERE kept.blocked_until IS NULL OR kept.blocked_until <= now()
    RETURNING failures`;
  return rows.length > 0;
}

/** A guess was right: the key begins anew. With it go the keys that nobody guessed at for a day. */
export async function forgetGuesses(database: Database, key: string): Promise<void> {
  await database`DELETE FROM login_failures WHERE key = ${key} OR last_at < now() - interval '1 day'`;
}

/** A guess was right, but others of the key may not have been: takes back that one. */
export async function takeBackGuess(database: Database, key: string): Promise<void> {
  await database`
    UPDATE login_failures SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = ${key}`;
}
