import type { Database } from '../client.ts';
import type { LiveToken } from './api-tokens.ts';

/** Whether a sign-in that was good once still is: a browser's or a command line's session by its id. */
export async function isSessionLive(database: Database, id: string): Promise<boolean> {
  const [row] = await database<{ isLive: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM sessions LEFT JOIN users ON users.id = sessions.user_id
      WHERE sessions.id = ${id} AND revoked_at IS NULL AND expires_at > now() AND users.disabled_at IS NULL
    ) OR EXISTS (
      SELECT FROM cli_sessions JOIN users ON users.id = cli_sessions.user_id
      WHERE cli_sessions.id = ${id} AND revoked_at IS NULL AND expires_at > now() AND users.disabled_at IS NULL
    ) AS is_live`;
  return row?.isLive ?? false;
}

/** What limits a token, by its id; null once it counts no more. */
export async function findLimits(
  database: Database,
  id: string,
): Promise<Pick<LiveToken, 'userId' | 'organizationId' | 'workspaceId' | 'scopes'> | null> {
  const [row] = await database<Pick<LiveToken, 'userId' | 'organizationId' | 'workspaceId' | 'scopes'>[]>`
    SELECT user_id, organization_id, workspace_id, scopes
    FROM api_tokens JOIN users ON users.id = api_tokens.user_id
    WHERE api_tokens.id = ${id} AND revoked_at IS NULL AND expires_at > now() AND users.disabled_at IS NULL`;
  return row ?? null;
}
