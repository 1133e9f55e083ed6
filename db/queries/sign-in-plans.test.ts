import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { findLiveToken } from './api-tokens.ts';
import { findLiveCliSession } from './cli-sessions.ts';
import { readGrants } from './grants.ts';
import { findLiveSession } from './sessions.ts';
import { findUserByLogin } from './users.ts';

const PEOPLE = 5_000;

let server: TestDatabases;
let database: Database;
beforeAll(async () => {
  server = await joinPostgres();
  ({ database } = await createMigratedDatabase(server));
  await seed();
});
afterAll(async () => {
  await database.end({ timeout: 1 });
  await server.stop();
});

const QUERIES: Record<string, (explain: Database) => Promise<unknown>> = {
  'of a browser': (explain) => findLiveSession(explain, 'session-7'),
  'of a command line': (explain) => findLiveCliSession(explain, 'access-7'),
  'of an API token': (explain) => findLiveToken(explain, 'token-7'),
  'of an account by name or e-mail': (explain) => findUserByLogin(explain, 'user-7'),
  'of a person’s rights': (explain) => readGrants(explain, idOf('user', 7)),
};

test.each(Object.keys(QUERIES))(`the look-up %s among ${PEOPLE} people reads no table whole`, async (name) => {
  const lines: string[] = [];
  // The query as it is, with EXPLAIN before it.
  const explain = async (parts: TemplateStringsArray, ...values: never[]): Promise<unknown[]> => {
    const texts = [`EXPLAIN ${parts[0]}`, ...parts.slice(1)];
    const rows = await database(Object.assign(texts, { raw: texts }), ...values);
    lines.push(...rows.map((row) => String(Object.values(row)[0])));
    return [{}];
  };
  await QUERIES[name]?.(explain as unknown as Database);
  expect(lines.join('\n')).toContain('Index');
  // Those of a hundred rows are read whole by right.
  expect(lines.filter((line) => /Seq Scan on (?!organizations|roles\b)/.test(line))).toEqual([]);
});

/** An id that the statements of {@link seed} make alike. */
function idOf(kind: keyof typeof KINDS, number: number): string {
  return `${KINDS[kind]}-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

const KINDS = { user: '00000001', organization: '00000002', workspace: '00000003', team: '00000004', row: '00000005' };

/** A hundred organizations of 50 people and 40 workspaces each; everybody is in a team and has a role or two. */
async function seed(): Promise<void> {
  const id = (kind: keyof typeof KINDS, number: string) =>
    `('${KINDS[kind]}-0000-7000-8000-' || lpad((${number})::text, 12, '0'))::uuid`;
  const all = `generate_series(1, ${PEOPLE}) AS n`;
  await database.unsafe(`
    INSERT INTO users (id, name, email, display_name)
      SELECT ${id('user', 'n')}, 'user-' || n, n || '@example.com', 'U' FROM ${all};
    INSERT INTO organizations (id, name) SELECT ${id('organization', 'n')}, 'org-' || n FROM generate_series(1, 100) AS n;
    INSERT INTO workspaces (id, organization_id, name)
      SELECT ${id('workspace', 'n')}, ${id('organization', '1 + n % 100')}, 'ws-' || n FROM generate_series(1, 4000) AS n;
    INSERT INTO teams (id, organization_id, name)
      SELECT ${id('team', 'n')}, ${id('organization', '1 + n % 100')}, 'team-' || n FROM generate_series(1, 4000) AS n;
    INSERT INTO organization_members (id, organization_id, user_id, role)
      SELECT ${id('row', 'n')}, ${id('organization', '1 + n % 100')}, ${id('user', 'n')},
        CASE WHEN n % 50 = 7 THEN 'admin' ELSE 'member' END FROM ${all};
    INSERT INTO team_members (team_id, user_id) SELECT ${id('team', '1 + n % 4000')}, ${id('user', 'n')} FROM ${all};
    INSERT INTO role_bindings (id, organization_id, workspace_id, user_id, role)
      SELECT ${id('row', 'n')}, ${id('organization', '1 + n % 100')}, ${id('workspace', '1 + n % 4000')}, ${id('user', 'n')},
        'developer' FROM ${all};
    INSERT INTO role_bindings (id, organization_id, workspace_id, team_id, role)
      SELECT ${id('row', `${PEOPLE} + n`)}, ${id('organization', '1 + n % 100')}, ${id('workspace', 'n')}, ${id('team', 'n')},
        'viewer' FROM generate_series(1, 4000) AS n;
    INSERT INTO sessions (id, token_hash, user_id, address, agent, authenticated_at, rotated_at, last_seen_at, expires_at)
      SELECT ${id('row', 'n')}, 'session-' || n, ${id('user', 'n')}, '', '', now(), now(), now(), now() FROM ${all};
    INSERT INTO cli_sessions (id, user_id, client, address, access_hash, access_expires_at, refresh_hash, refreshed_at,
        authenticated_at, last_seen_at, expires_at)
      SELECT ${id('row', 'n')}, ${id('user', 'n')}, '', '', 'access-' || n, now(), 'refresh-' || n, now(), now(), now(), now()
      FROM ${all};
    INSERT INTO api_tokens (id, organization_id, user_id, created_by, name, scopes, token_hash, prefix, last_four, expires_at)
      SELECT ${id('row', 'n')}, ${id('organization', '1 + n % 100')}, ${id('user', 'n')}, '', 't' || n, '[]', 'token-' || n,
        '', '', now() FROM ${all};
    ANALYZE`);
}
