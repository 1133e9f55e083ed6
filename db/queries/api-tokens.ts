import { asJson, type Database } from '../client.ts';
import { isId } from '../id.ts';
import type { ApiTokenRow } from '../rows.ts';
import { inOrganizations, inWorkspaces, isAmong, type Scoped } from '../scope.ts';

/** A token that counts now, as authentication needs it. */
export type LiveToken = Pick<ApiTokenRow, 'id' | 'name' | 'userId' | 'organizationId' | 'workspaceId' | 'scopes'> & {
  /** Of whose it is. */
  userName: string;
  /** Not marked as used for a minute. */
  isUnseen: boolean;
};

export async function findLiveToken(database: Database, tokenHash: string): Promise<LiveToken | null> {
  const [row] = await database<LiveToken[]>`
    SELECT kept.id, kept.name, kept.user_id, users.name AS user_name, kept.organization_id, kept.workspace_id, kept.scopes,
      coalesce(kept.last_used_at < now() - interval '1 minute', true) AS is_unseen
    FROM api_tokens kept JOIN users ON users.id = kept.user_id
    WHERE kept.token_hash = ${tokenHash} AND kept.revoked_at IS NULL AND kept.expires_at > now()
      AND users.disabled_at IS NULL`;
  return row ?? null;
}

export async function markTokenUsed(database: Database, id: string, address: string): Promise<void> {
  await database`UPDATE api_tokens SET last_used_at = now(), last_address = ${address} WHERE id = ${id}`;
}

/** A token as lists show it: without its hash, which requests cannot read. */
export type ListedToken = Omit<ApiTokenRow, 'tokenHash'>;

/** The condition that a token is one of the scope. One of a whole organization counts for those who are in it. */
function isInScope(scoped: Scoped) {
  return scoped`${inOrganizations(scoped)} AND (workspace_id IS NULL OR ${inWorkspaces(scoped)})`;
}

function columnsOf(scoped: Scoped) {
  return scoped`id, organization_id, workspace_id, user_id, created_by, name, scopes, prefix, last_four, expires_at,
    last_used_at, last_address, revoked_at, created_at`;
}

/** Tokens not revoked, the newest first: the caller's own, and those of what they look after. */
export async function listTokens(
  scoped: Scoped,
  seen: { userId: string | null; organizationIds: readonly string[]; workspaceIds: readonly string[] },
): Promise<ListedToken[]> {
  return scoped<ListedToken[]>`
    SELECT ${columnsOf(scoped)} FROM api_tokens
    WHERE ${isInScope(scoped)} AND revoked_at IS NULL AND (
      user_id = ${seen.userId}::uuid
      OR (workspace_id IS NULL AND ${isAmong(scoped, 'organization_id', seen.organizationIds)})
      OR ${isAmong(scoped, 'workspace_id', seen.workspaceIds)})
    ORDER BY id DESC`;
}

export async function findToken(scoped: Scoped, id: string): Promise<ListedToken | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<ListedToken[]>`
    SELECT ${columnsOf(scoped)} FROM api_tokens
    WHERE id = ${id} AND ${isInScope(scoped)} AND revoked_at IS NULL`;
  return row ?? null;
}

/** Where a token belongs; a null workspace is the organization as a whole. */
export async function findTokenOwner(
  scoped: Scoped,
  id: string,
): Promise<{ organizationId: string; workspaceId: string | null } | null> {
  const token = await findToken(scoped, id);
  return token ? { organizationId: token.organizationId, workspaceId: token.workspaceId } : null;
}

/** Adds one that is good for `days`; null when the organization has one of that name. */
export async function insertToken(
  scoped: Scoped,
  token: Pick<
    ApiTokenRow,
    | 'id'
    | 'organizationId'
    | 'workspaceId'
    | 'userId'
    | 'createdBy'
    | 'name'
    | 'scopes'
    | 'tokenHash'
    | 'prefix'
    | 'lastFour'
  > & { days: number },
): Promise<ListedToken | null> {
  const [row] = await scoped<ListedToken[]>`
    INSERT INTO api_tokens (id, organization_id, workspace_id, user_id, created_by, name, scopes, token_hash, prefix,
      last_four, expires_at)
    VALUES (${token.id}, ${token.organizationId}, ${token.workspaceId}, ${token.userId}, ${token.createdBy},
      ${token.name}, ${asJson(scoped, token.scopes)}, ${token.tokenHash}, ${token.prefix}, ${token.lastFour},
      now() + make_interval(days => ${token.days}::int))
    ON CONFLICT DO NOTHING RETURNING ${columnsOf(scoped)}`;
  return row ?? null;
}

export async function revokeToken(scoped: Scoped, id: string): Promise<void> {
  await scoped`UPDATE api_tokens SET revoked_at = now() WHERE id = ${id} AND ${isInScope(scoped)}`;
}
