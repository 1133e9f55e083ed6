import { v7 as createId } from 'uuid';
import { createApp } from '#api/app.ts';
import type { ApiContext } from '#api/context.ts';
import { servePort, type ServedPort } from '#api/serve.ts';
import { createSecret, createToken, hashSecret } from '#api/sign-in/token-text.ts';
import type { OrganizationRole } from '#core/permission.ts';
import type { Database } from '#db/client.ts';
import { insertCliSession } from '#db/queries/cli-sessions.ts';
import { insertSession } from '#db/queries/sessions.ts';
import { insertUser } from '#db/queries/users.ts';
import { checkAnswers } from './answer-check.ts';

/** An organization of the test's own, besides `main`. */
export interface TestOrganization {
  id: string;
  name: string;
  /** Ids by name. */
  workspaces: Record<string, string>;
}

export async function addOrganization(
  database: Database,
  name: string,
  workspaces: readonly string[] = ['shop'],
): Promise<TestOrganization> {
  const organization: TestOrganization = { id: createId(), name, workspaces: {} };
  await database`INSERT INTO organizations ${database({ id: organization.id, name })}`;
  for (const workspace of workspaces) {
    const id = createId();
    await database`INSERT INTO workspaces ${database({ id, organizationId: organization.id, name: workspace })}`;
    organization.workspaces[workspace] = id;
  }
  return organization;
}

/** Somebody with an account, signed in by a browser and by a command line at once. */
export interface TestPerson {
  id: string;
  name: string;
  /** Access token of a command line, for `Authorization: Bearer`. */
  bearer: string;
  /** Value of `Cookie`, for a server without TLS; a change by it wants `Origin` too. */
  cookie: string;
  sessionId: string;
}

/** Adds an account, its membership and its roles by workspace: `{ [shop.id]: 'viewer' }`. */
export async function addPerson(
  database: Database,
  name: string,
  rights: {
    organizationId?: string;
    role?: OrganizationRole | null;
    bindings?: Record<string, string>;
    isOperator?: boolean;
  } = {},
): Promise<TestPerson> {
  const { organizationId, role = 'member', bindings = {}, isOperator = false } = rights;
  const id = createId();
  const account = { id, name, email: `${name}@example.com`, displayName: name, passwordHash: null, isOperator };
  if (!(await insertUser(database, account))) throw new Error(`there is an account ${name}`);
  if (organizationId && role) {
    await database`
      INSERT INTO organization_members ${database({ id: createId(), organizationId, userId: id, role })}`;
  }
  for (const [workspaceId, preset] of Object.entries(bindings)) {
    await database`
      INSERT INTO role_bindings (id, organization_id, workspace_id, user_id, role)
      SELECT ${createId()}, organization_id, id, ${id}, ${preset} FROM workspaces WHERE id = ${workspaceId}`;
  }
  const cookie = createSecret();
  const sessionId = createId();
  const from = { userId: id, address: '127.0.0.1' };
  await insertSession(database, { ...from, id: sessionId, tokenHash: hashSecret(cookie), agent: 'test' });
  const bearer = createToken('bi_cli_');
  await database.begin((transaction) =>
    insertCliSession(transaction, {
      ...{ ...from, id: createId(), client: 'test', authenticatedAt: new Date().toISOString() },
      ...{ accessHash: hashSecret(bearer), refreshHash: hashSecret(createToken('bi_ref_')) },
    }),
  );
  return { id, name, bearer, cookie: `bi_session=${cookie}`, sessionId };
}

/** The API on a port of loopback, as people and programs reach it. */
export function openPort(context: ApiContext): Promise<ServedPort> {
  return servePort(checkAnswers(createApp(context), context), { host: '127.0.0.1', port: 0, trustedProxies: [] });
}

/** One request as it goes over the wire; `as` is who sends it. */
export interface Asked {
  as?: { bearer: string } | { cookie: string };
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks the API behind a port and reads the answer whole. */
export async function ask<Answer = unknown>(port: ServedPort, method: string, path: string, asked: Asked = {}) {
  const { as, body, headers = {} } = asked;
  const origin = `http://${port.host}:${port.port}`;
  const identity = !as
    ? {}
    : 'bearer' in as
      ? { Authorization: `Bearer ${as.bearer}` }
      : // As a page of ours sends it.
        { Cookie: as.cookie, Origin: origin };
  const answer = await fetch(`${origin}${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
    ...{ method, redirect: 'manual' },
    headers: { ...identity, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    /** As the test says that it is; null for what is no JSON. */
    json: (isJson ? JSON.parse(text) : null) as Answer,
    /** `name=value` of the cookie that was set, empty when it was taken away; null when none was. */
    cookie: answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])[0] ?? null,
  };
}
