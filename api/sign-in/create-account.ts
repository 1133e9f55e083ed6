import { v7 as createId } from 'uuid';
import type { Queryable } from '#db/client.ts';
import { insertUser } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import { ProblemError } from '../problem.ts';
import { checkPassword, hashPassword } from './password.ts';

/** What somebody says of themselves when they make an account. */
export interface AccountRequest {
  name: string;
  email: string;
  password: string;
}

/**
 * Prepares an account: checks the password and hashes it, which takes its time and belongs before a transaction.
 * Throws 422 `password-weak`.
 */
export async function prepareAccount(
  request: AccountRequest,
): Promise<(queryable: Queryable, rights: { isOperator: boolean }) => Promise<UserRow>> {
  const { name, email } = request;
  checkPassword(request.password, [name, email]);
  const passwordHash = await hashPassword(request.password);
  return async (queryable, { isOperator }) => {
    const account = { id: createId(), name, email, displayName: name, passwordHash, isOperator };
    const user = await insertUser(queryable, account);
    if (user) return user;
    // Which of the two is not said: whoever has an invitation need not learn who else has an account.
    throw new ProblemError(409, 'account-taken', 'the name or the e-mail belongs to another account', {
      hint: 'take another name; whoever has an account signs in first',
    });
  };
}
