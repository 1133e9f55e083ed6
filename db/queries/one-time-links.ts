import type { Database, Queryable } from '../client.ts';

export type LinkPurpose = 'setup' | 'open';

/** Keeps a link for `lifeMs`; answers when it ends. Links of yesterday are forgotten. */
export async function insertLink(
  database: Database,
  link: { tokenHash: string; purpose: LinkPurpose; lifeMs: number },
): Promise<string> {
  await database`DELETE FROM one_time_links WHERE expires_at < now() - interval '1 day'`;
  const [row] = await database<{ expiresAt: string }[]>`
    INSERT INTO one_time_links (token_hash, purpose, expires_at)
    VALUES (${link.tokenHash}, ${link.purpose}, now() + make_interval(secs => ${link.lifeMs}::int / 1000.0))
    RETURNING expires_at`;
  if (!row) throw new Error('an inserted row is answered');
  return row.expiresAt;
}

/** Whether it would work now; looking does not use it up. */
export async function isLinkUsable(queryable: Queryable, tokenHash: string, purpose: LinkPurpose): Promise<boolean> {
  const rows = await queryable`
    SELECT 1 FROM one_time_links
    WHERE token_hash = ${tokenHash} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > now()`;
  return rows.length > 0;
}

/** Uses it up; true for the one request that did. */
export async function takeLink(queryable: Queryable, tokenHash: string, purpose: LinkPurpose): Promise<boolean> {
  const rows = await queryable`
    UPDATE one_time_links SET used_at = now()
    WHERE token_hash = ${tokenHash} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > now()
    RETURNING token_hash`;
  return rows.length > 0;
}
