import type { Context } from 'hono';
import { v7 as createId } from 'uuid';
import { takeLink } from '#db/queries/one-time-links.ts';
import { hasUsers, insertOwner } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { recordAccountEvent } from './account-audit.ts';
import { prepareAccount, type AccountRequest } from './create-account.ts';
import { hashSecret } from './token-text.ts';

/**
 * The first visit: makes the account that owns the organization `main` and looks after the installation. Works once,
 * however many try at the same time. Throws 409 `setup-done`, 403 `link-dead`.
 */
export async function setUp(
  context: ApiContext,
  request: Context<ApiEnvironment>,
  token: string,
  account: AccountRequest,
): Promise<UserRow> {
  const createAccount = await prepareAccount(account);
  return context.database.begin(async (transaction) => {
    await transaction`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`;
    if (await hasUsers(transaction)) {
      throw new ProblemError(409, 'setup-done', 'there is an account already', { hint: 'sign in at /login' });
    }
    if (!(await takeLink(transaction, hashSecret(token), 'setup'))) throw linkDead();
    const user = await createAccount(transaction, { isOperator: true });
    await insertOwner(transaction, { id: createId(), userId: user.id, organization: 'main' });
    const detail = { organization: 'main', role: 'owner', isOperator: true };
    await recordAccountEvent(transaction, sourceOf(request, `user:${user.name}`), {
      ...{ action: 'user.create', account: user, detail },
    });
    return user;
  });
}

export function linkDead(): ProblemError {
  return new ProblemError(403, 'link-dead', 'the link was used, is too old, or is not whole', {
    hint: 'ask for another: `buildit server` prints one until there is an account, `buildit open` makes one',
  });
}
