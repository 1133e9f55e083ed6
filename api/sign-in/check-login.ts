import type { Context } from 'hono';
import { findUserByLogin } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { recordAccountEvent } from './account-audit.ts';
import { takeGuess } from './guesses.ts';
import { verifyPassword } from './password.ts';
import { hashSecret } from './token-text.ts';

/**
 * The account of a name or e-mail and its password. Throws 401 `login-wrong`, which does not say what was wrong, in the
 * same time whether there is such an account or not; 429 after too many.
 */
export async function checkLogin(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  given: { login: string; password: string },
): Promise<UserRow> {
  const login = given.login.trim();
  const user = await findUserByLogin(context.database, login);
  const guess = await takeGuess(context.database, {
    ...{ at: 'password', address: request.env.address },
    // By the account itself: its name and its e-mail do not give two sets of guesses. People type passwords into the
    // wrong field, so what is no account is not kept as it is.
    account: user?.id ?? hashSecret(login.toLowerCase()),
  });
  const isRight = await verifyPassword(given.password, user?.passwordHash ?? null);
  if (user && isRight) {
    await guess.forgive();
    return user;
  }
  const code = 'login-wrong';
  // Not waited for: an answer that took longer for accounts that are there would tell which are.
  if (user) void recordRefused(context, request, user, code);
  throw new ProblemError(401, code, 'name or password is wrong');
}

async function recordRefused(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  user: UserRow,
  code: string,
): Promise<void> {
  const source = sourceOf(request, 'anonymous');
  try {
    await context.database.begin((transaction) =>
      recordAccountEvent(transaction, source, { action: 'session.create', account: user, refused: code }),
    );
  } catch (error) {
    process.stderr.write(`${source.requestId} the audit of a refused sign-in: ${String(error)}\n`);
  }
}
