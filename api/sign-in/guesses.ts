import type { Database } from '#db/client.ts';
import { countGuess, forgetGuesses, takeBackGuess, type GuessLimit } from '#db/queries/login-failures.ts';
import { networkOf } from '../client-address.ts';
import { ProblemError } from '../problem.ts';

/** What somebody may guess at: a password, the code of a device, a one-time link. */
export type Guessed = 'password' | 'device' | 'link';

/** People mistype; an office has one address. */
const FREE = { account: 5, address: 20 } as const;

/**
 * Counts a guess by the thing guessed at and by the address it comes from, in the database, so that a restart forgets
 * nothing. Throws 429 `too-many-attempts` while either takes no guess: for 5 s at first, doubled with each
 * failure, 15 minutes at most. Call {@link forgive} when the guess was right.
 */
export async function takeGuess(
  database: Database,
  guess: { at: Guessed; account: string | null; address: string },
): Promise<{ forgive(): Promise<void> }> {
  const address: GuessLimit = { key: `${guess.at} address ${networkOf(guess.address)}`, free: FREE.address };
  const account: GuessLimit | null =
    guess.account === null ? null : { key: `${guess.at} account ${guess.account}`, free: FREE.account };
  const limits = account ? [address, account] : [address];
  const blocked = await countGuess(database, limits);
  if (blocked) {
    throw new ProblemError(429, 'too-many-attempts', 'too many wrong attempts', {
      hint: `wait ${Math.ceil(blocked.blockedMs / 1_000)} s`,
      retry: { afterMs: blocked.blockedMs },
    });
  }
  return {
    async forgive() {
      await takeBackGuess(database, address.key);
      if (account) await forgetGuesses(database, account.key);
    },
  };
}
