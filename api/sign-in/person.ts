import { findUser } from '#db/queries/users.ts';
import type { UserRow } from '#db/rows.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';

/**
 * The account of a person who is here themselves, by a browser or the command line. Throws 403 `person-only` for a token,
 * which has its creator's rights but not their account, and for the local user, who has none.
 */
export async function requirePerson(
  context: ApiContext,
  principal: Principal,
): Promise<{ user: UserRow; sessionId: string }> {
  const user =
    principal.userId === null || principal.sessionId === null
      ? null
      : await findUser(context.database, principal.userId);
  if (user && principal.sessionId !== null) return { user, sessionId: principal.sessionId };
  throw new ProblemError(403, 'person-only', 'only a person who is signed in has an account to change');
}
