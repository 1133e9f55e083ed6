import { findUserByLogin } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { takeGuess } from './guesses.ts';
import { verifyPassword } from './password.ts';

/**
 * The account of a name or e-mail and its password. Throws 401 `login-wrong`, which does not say what was wrong, in the
 * same time whether there is such an account or not; 429 after too many.
 */
export async function checkLogin(
  context: ApiContext,
  given: { login: string; password: string; address: string },
): Promise<UserRow> {
  const login = given.login.trim();
  const user = await findUserByLogin(context.database, login);
  const guess = await takeGuess(context.database, {
    ...{ at: 'password', address: given.address },
    // By the account itself: its name and its e-mail do not give two sets of guesses.
    account: user?.id ?? login.toLowerCase(),
  });
  const isRight = await verifyPassword(given.password, user?.passwordHash ?? null);
  if (!user || !isRight) {
    throw new ProblemError(401, 'login-wrong', 'name or password is wrong');
  }
  await guess.forgive();
  return user;
}
