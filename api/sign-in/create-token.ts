import { v7 as createId } from 'uuid';
import { isWorkspaceAction, type Action } from '#core/permission.ts';
import type { CreatedTokenObject } from '#core/rest-sign-in.ts';
import { insertToken } from '#db/queries/api-tokens.ts';
import type { Owner, Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { requireGrantable, type Grant } from '../people/granting.ts';
import { ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { describeToken } from './token-object.ts';
import { createToken, hashSecret } from './token-text.ts';

/** What a token is to be. */
export interface TokenRequest {
  name: string;
  scopes: Action[];
  expiresInDays: number;
}

const LAST_LETTERS = 4;

/**
 * Makes a token with rights its creator has now, over a workspace or the whole organization. Throws 403 `grant-exceeds`
 * for scopes the creator lacks, `account-missing` for the local user, `person-only` for a token, 409 `name-taken`.
 */
export async function createApiToken(
  call: Pick<Call<string, unknown, TokenRequest>, 'principal' | 'request' | 'data' | 'body'>,
  owner: Owner,
): Promise<CreatedTokenObject> {
  const { principal, body } = call;
  const { userId } = principal;
  if (userId === null) {
    throw new ProblemError(403, 'account-missing', 'the local user has no account whose rights a token could have', {
      hint: 'sign in with an account: buildit login',
    });
  }
  if (principal.sessionId === null) {
    // It would outlive itself, its end and its being revoked.
    throw new ProblemError(403, 'person-only', 'a token makes no tokens', { hint: 'sign in: buildit login' });
  }
  const scopes = [...new Set(body.scopes)];
  requireGrantable(principal, listGrants(principal, owner, scopes));
  const prefix = owner.workspaceId === null ? 'bi_org_' : 'bi_pat_';
  const text = createToken(prefix);
  const token = await call.data(async (scoped) => {
    const row = await insertToken(scoped, {
      ...{ id: createId(), ...owner, userId, createdBy: principal.actor, name: body.name, scopes, prefix },
      ...{ tokenHash: hashSecret(text), lastFour: text.slice(-LAST_LETTERS), days: body.expiresInDays },
    });
    if (!row) {
      throw new ProblemError(409, 'name-taken', `the organization has a token ${body.name}`, {
        hint: 'take another name, or revoke that one first',
      });
    }
    const object = { kind: 'token', id: row.id, name: row.name };
    const detail = { scopes, expiresAt: row.expiresAt };
    await recordAudit(scoped, call, { action: 'token.create', owner, object, detail });
    return row;
  });
  return { ...describeToken(token, principal), token: text };
}

/** Over the whole organization, a right in workspaces is one in each of them. */
function listGrants(principal: Principal, owner: Owner, scopes: readonly Action[]): Grant[] {
  if (owner.workspaceId !== null) return [{ owner, actions: scopes }];
  const organization = principal.organizations.find(({ id }) => id === owner.organizationId);
  const inWorkspaces = scopes.filter(isWorkspaceAction);
  return [
    { owner, actions: scopes.filter((scope) => !isWorkspaceAction(scope)) },
    ...(organization?.workspaces ?? []).map(({ id }) => ({
      owner: { organizationId: owner.organizationId, workspaceId: id },
      actions: inWorkspaces,
    })),
  ];
}
