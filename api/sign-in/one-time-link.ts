import { insertLink, type LinkPurpose } from '#db/queries/one-time-links.ts';
import { hasUsers } from '#db/queries/users.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { createSecret, hashSecret } from './token-text.ts';

/** A link that works once: its path goes behind the address of the server. */
export interface OneTimeLink {
  path: string;
  expiresAt: string;
}

const PATHS: Record<LinkPurpose, string> = { setup: '/setup', open: '/login/open' };
/** Somebody starts a server in the morning and opens it after lunch; a command opens its browser at once. */
const LIVES_MS: Record<LinkPurpose, number> = { setup: 24 * 60 * 60_000, open: 60_000 };

/** The link of the first visit, which makes the owner's account; null once there is an account. */
export async function createSetupLink(context: Pick<ApiContext, 'database'>): Promise<OneTimeLink | null> {
  if (await hasUsers(context.database)) return null;
  return createLink(context, 'setup');
}

/**
 * A link for a browser, from whoever may use the socket: `open` signs in as the local user, without an account and
 * without the routes of the socket. Throws 409 `setup-done` for `setup` once there is an account.
 */
export async function createOneTimeLink(context: ApiContext, purpose: LinkPurpose): Promise<OneTimeLink> {
  if (purpose === 'open') return createLink(context, 'open');
  const link = await createSetupLink(context);
  if (link) return link;
  throw new ProblemError(409, 'setup-done', 'there is an account already', { hint: 'sign in at /login' });
}

async function createLink(context: Pick<ApiContext, 'database'>, purpose: LinkPurpose): Promise<OneTimeLink> {
  const token = createSecret();
  const link = { tokenHash: hashSecret(token), purpose, lifeMs: LIVES_MS[purpose] };
  const expiresAt = await insertLink(context.database, link);
  return { path: `${PATHS[purpose]}?token=${token}`, expiresAt };
}
