import type { TokenObject } from '#core/rest-sign-in.ts';
import type { ListedToken } from '#db/queries/api-tokens.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';

/** A token as the principal sees it; its organization and workspace are in the principal's scope. */
export function describeToken(token: ListedToken, principal: Principal): TokenObject {
  const { organizationId, workspaceId } = token;
  const organization = principal.organizations.find(({ id }) => id === organizationId);
  const workspace = organization?.workspaces.find(({ id }) => id === workspaceId);
  if (!organization || (workspaceId !== null && !workspace)) throw new Error('the token is of another scope');
  const action = workspaceId === null ? 'organization:tokens' : 'token:write';
  return {
    ...{ id: token.id, name: token.name, organization: organization.name },
    workspace: workspace ? `${organization.name}/${workspace.name}` : null,
    scopes: token.scopes,
    hint: `${token.prefix}…${token.lastFour}`,
    ...{ createdBy: token.createdBy, createdAt: token.createdAt, expiresAt: token.expiresAt },
    ...{ lastUsedAt: token.lastUsedAt, lastAddress: token.lastAddress },
    can: { revoke: explainAction(principal, action, { organizationId, workspaceId }) },
  };
}
