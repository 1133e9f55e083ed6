import { beforeAll, describe, expect, test } from 'vitest';
import { describeRoutes, type JsonSchema, type OpenApiDocument } from '#api/openapi/document.ts';
import { OBJECT_KINDS, type ObjectKind, type Route } from '#api/route.ts';
import { listRoutes } from '#api/routes.ts';
import type { ServedPort } from '#api/serve.ts';
import { createToken } from '#api/sign-in/token-text.ts';
import { WORKSPACE_ROLE_ACTIONS } from '#core/permission.ts';
import { seedObjects } from '#test/env/seed.ts';
import { send, type SendOptions } from '#test/env/send.ts';
import { useServer } from '#test/env/use-server.ts';

/** Values for path parameters that name no object of access. */
const OTHER_PARAMETERS: Record<string, string> = {
  sample: 'sample-hello',
  ...{
    stage: 'build',
    attempt: '1',
    service: 'db',
    version: '1',
    number: '1',
    kind: 'runs-a-day',
    principal: 'user:ann',
  },
  ...{ user: 'ann', session: '00000000-0000-7000-8000-00000000ffff', topic: 'x', test: 'x' },
  ...{ cache: '00000000-0000-7000-8000-00000000ffff', shell: '00000000-0000-7000-8000-00000000ffff' },
};
const NOWHERE = '00000000-0000-7000-8000-00000000ffff';

/** A query that a route cannot do without. */
const QUERIES: Record<string, string> = {
  explainStage: 'stage=build',
  searchLog: 'q=x',
  searchLogs: 'q=x',
  search: 'q=x',
  stream: `topic=run:${NOWHERE}`,
};

describe('every route', () => {
  const use = useServer();
  let ours: Record<ObjectKind, string>;
  let operator: string;
  let routes: Route[];
  let document: OpenApiDocument;

  beforeAll(async () => {
    const { api, ann, people } = use();
    const place = { api, owner: ann, organization: 'acme', workspace: 'shop' };
    await api.database`UPDATE users SET is_operator = true WHERE id = ${people.ann.id}`;
    ours = await seedObjects(place);
    routes = listRoutes(api.context);
    document = describeRoutes(routes, 'test');
    operator = people.ann.bearer;
  });

  /** The path of the route on the wire, about `id`. */
  const toPath = (route: Route, id?: string, query = ''): string => {
    const { access } = route;
    const path = route.path.replaceAll(/:([^/]+)/g, (_, name: string) => {
      if (access.kind === 'object' && access.param === name) return id ?? encodeURIComponent(ours[access.object]);
      const value = OTHER_PARAMETERS[name] ?? ours[name as ObjectKind];
      if (value === undefined) throw new Error(`say in OTHER_PARAMETERS what :${name} of ${route.path} may be`);
      return value;
    });
    const queries = [query, QUERIES[route.name] ?? '', scopeOf(route)].filter((part) => part !== '');
    return `/api/v1${path}${queries.length > 0 ? `?${queries.join('&')}` : ''}`;
  };
  const scopeOf = ({ access }: Route): string => {
    if (access.kind === 'workspace' || access.kind === 'workspace-or-organization') return 'workspace=acme/shop';
    return access.kind === 'organization' ? 'organization=acme' : '';
  };
  const portOf = ({ host, port }: ServedPort) => ({ host, port });
  const ask = (route: Route, path: string, bearer: string | null, options: SendOptions = {}) =>
    send(portOf(use().port), path, {
      ...options,
      method: route.method.toUpperCase(),
      headers: { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...options.headers },
    });
  /** As somebody who may do everything, by the way the route is open to. */
  const askAllowed = (route: Route, path: string, options: SendOptions) => {
    if (route.access.kind === 'local') return use().api.fetch(path, { ...options, method: route.method.toUpperCase() });
    return ask(route, path, route.access.kind === 'public' ? null : operator, options);
  };
  const codeOf = async (answer: Response) => {
    const body = (await answer.json().catch(() => ({}))) as { code?: string; errors?: { pointer: string }[] };
    return { status: answer.status, code: body.code, pointers: (body.errors ?? []).map(({ pointer }) => pointer) };
  };
  /** What differs from `expected`, by route. */
  const walk = async (
    chosen: readonly Route[],
    check: (route: Route) => Promise<string | null>,
  ): Promise<Record<string, string>> => {
    expect(chosen.length).toBeGreaterThan(0);
    const wrong: Record<string, string> = {};
    for (const route of chosen) {
      const said = await check(route);
      if (said !== null) wrong[`${route.method} ${route.path}`] = said;
    }
    return wrong;
  };
  const expectStatus = async (answer: Response, status: number, code?: string): Promise<string | null> => {
    const found = await codeOf(answer);
    if (found.status === status && (code === undefined || found.code === code)) return null;
    return `${found.status} ${found.code ?? ''}`;
  };
  const jsonRoutes = () => routes.filter((route) => route.method !== 'get' && route.bytes === undefined);
  const bodyOf = (route: Route): JsonSchema => {
    const path = `/api/v1${route.path.replaceAll(/:([^/]+)/g, '{$1}')}`;
    return document.paths[path]?.[route.method]?.requestBody?.content['application/json']?.schema ?? {};
  };

  test('every kind of object has a seed', () => {
    expect(OBJECT_KINDS.filter((kind) => !ours[kind])).toEqual([]);
  });

  test('without a token is 401, but those that are public', async () => {
    const wrong = await walk(
      routes.filter(({ access }) => access.kind !== 'public'),
      async (route) => expectStatus(await ask(route, toPath(route), null), 401, 'not-signed-in'),
    );
    expect(wrong).toEqual({});
  });

  test('with a token that is none of ours is 401', async () => {
    const wrong = await walk(
      routes.filter(({ access }) => access.kind !== 'public'),
      async (route) => expectStatus(await ask(route, toPath(route), createToken('bi_pat_')), 401),
    );
    expect(wrong).toEqual({});
  });

  test('about an object of another tenant is 404, as about one that does not exist', async () => {
    const { mallory } = use().people;
    const wrong = await walk(
      routes.filter(({ access }) => access.kind === 'object'),
      async (route) => {
        if (route.access.kind !== 'object') return null;
        const id = ours[route.access.object];
        const read = async (reference: string) => {
          const answer = await ask(route, toPath(route, reference), mallory.bearer, bodyFor(route));
          const { requestId: _, ...problem } = (await answer.json()) as Record<string, unknown>;
          return { status: answer.status, text: JSON.stringify(problem).replaceAll(reference, 'ID') };
        };
        const [foreign, absent] = [await read(id), await read(NOWHERE)];
        if (foreign.status !== 404) return `${foreign.status} ${foreign.text}`;
        return foreign.text === absent.text ? null : `${foreign.text} differs from ${absent.text}`;
      },
    );
    expect(wrong).toEqual({});
  });

  test('in a workspace or organization of another tenant is 404', async () => {
    const { mallory } = use().people;
    const wrong = await walk(
      routes.filter((route) => scopeOf(route) !== ''),
      async (route) => expectStatus(await ask(route, toPath(route), mallory.bearer, bodyFor(route)), 404),
    );
    expect(wrong).toEqual({});
  });

  test('that a viewer has no right to is 403', async () => {
    const { vic } = use().people;
    const viewer: readonly string[] = [...WORKSPACE_ROLE_ACTIONS.viewer, 'organization:read'];
    const wrong = await walk(
      routes.filter(({ access }) => needed(access).some((action) => !viewer.includes(action))),
      async (route) => {
        const answer = await ask(route, toPath(route), vic.bearer, bodyFor(route));
        const { status } = answer;
        // What only some may even know of is not there for a viewer.
        const isHidden = route.access.kind === 'object' && ['token', 'invitation'].includes(route.access.object);
        return status === 403 || (isHidden && status === 404) ? null : expectStatus(answer, 403);
      },
    );
    expect(wrong).toEqual({});
  });

  test('of operators or the socket is 403 for anybody else', async () => {
    const { bo } = use().people;
    const wrong = await walk(
      routes.filter(({ access }) => access.kind === 'operator' || access.kind === 'local'),
      async (route) => expectStatus(await ask(route, toPath(route), bo.bearer, bodyFor(route)), 403),
    );
    expect(wrong).toEqual({});
  });

  test('about a reference of any shape is 404', async () => {
    const odd = [
      'x',
      '0',
      '-1',
      'null',
      '%00',
      '%ff',
      '..%2f..%2fetc',
      'a'.repeat(300),
      "'%20OR%201=1--",
      '%F0%9F%92%A5',
    ];
    const wrong = await walk(
      routes.filter(({ access }) => access.kind === 'object'),
      async (route) => {
        for (const reference of [...odd, NOWHERE, NOWHERE.toUpperCase().replace('F', 'G')]) {
          const answer = await ask(route, toPath(route, reference), operator, bodyFor(route));
          const said = await expectStatus(answer, 404);
          if (said !== null) return `${reference}: ${said}`;
        }
        return null;
      },
    );
    expect(wrong).toEqual({});
    // A dozen requests to each of some hundred routes.
  }, 120_000);

  const refused: [string, string | (() => string), number, string][] = [
    ['text that is no JSON', '{', 400, 'json-invalid'],
    ['bytes that are no JSON', '\u0000', 400, 'json-invalid'],
    ['a field that stands twice', '{"a":1,"a":1}', 400, 'json-duplicate'],
    ['a field __proto__', '{"__proto__":{"isAdmin":true}}', 400, 'json-key-refused'],
    ['a depth bomb', () => `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'json-too-deep'],
    ['10 MB', () => `{"a":"${'x'.repeat(10_000_000)}"}`, 413, 'body-too-large'],
  ];
  for (const [what, body, status, code] of refused) {
    test(`refuses ${what} with ${status}`, async () => {
      const text = typeof body === 'string' ? body : body();
      const options = { body: text, headers: { 'content-type': 'application/json', 'if-match': '*' } };
      const wrong = await walk(jsonRoutes(), async (route) =>
        expectStatus(await askAllowed(route, toPath(route), options), status, code),
      );
      expect(wrong).toEqual({});
    });
  }

  test('refuses an unknown field with 400 and its name', async () => {
    const wrong = await walk(jsonRoutes(), async (route) => {
      const body = { ...kindOf(bodyOf(route)), unknownField: 1 };
      const answer = await askAllowed(route, toPath(route), { body, headers: { 'if-match': '*' } });
      return expectStatus(answer, 400, 'field-unknown');
    });
    expect(wrong).toEqual({});
  });

  test('refuses a form with 415', async () => {
    const options = { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded', 'if-match': '*' } };
    const wrong = await walk(
      routes.filter(({ method }) => method !== 'get'),
      async (route) => expectStatus(await askAllowed(route, toPath(route), options), 415, 'content-type'),
    );
    expect(wrong).toEqual({});
  });

  test('refuses a value of another type with 422 and its place', async () => {
    const wrong = await walk(
      jsonRoutes().filter((route) => fieldsOf(bodyOf(route)).length > 0),
      async (route) => {
        for (const field of fieldsOf(bodyOf(route))) {
          const body = { [field]: { no: ['such', 'type'] } };
          const answer = await askAllowed(route, toPath(route), { body, headers: { 'if-match': '*' } });
          const { status, pointers } = await codeOf(answer);
          const hasPlace = pointers.some((pointer) => pointer === `/${field}` || pointer.startsWith(`/${field}/`));
          // A union of objects is told apart by another field, which is missing here.
          if (status === 422 && (hasPlace || 'anyOf' in bodyOf(route) || 'oneOf' in bodyOf(route))) continue;
          // An object of free names may have it all.
          if (status === 400 && pointers.some((pointer) => pointer.startsWith(`/${field}`))) continue;
          return `${field}: ${status} ${pointers.join(' ')}`;
        }
        return null;
      },
    );
    expect(wrong).toEqual({});
  });

  test('refuses CR, LF and NUL in names with 422', async () => {
    const named = (route: Route) =>
      fieldsOf(bodyOf(route)).filter((field) => /^(name|.*Name|email|branch|label)$/.test(field));
    const wrong = await walk(
      jsonRoutes().filter((route) => named(route).length > 0),
      async (route) => {
        for (const field of named(route)) {
          for (const name of ['a\r\nb', 'a\nb', 'a\u0000b']) {
            const answer = await askAllowed(route, toPath(route), {
              body: { [field]: name },
              headers: { 'if-match': '*' },
            });
            const { status, pointers } = await codeOf(answer);
            const isSaid = pointers.includes(`/${field}`) || 'anyOf' in bodyOf(route) || 'oneOf' in bodyOf(route);
            if (status !== 422 || !isSaid) return `${field} ${JSON.stringify(name)}: ${status} ${pointers.join(' ')}`;
          }
        }
        return null;
      },
    );
    expect(wrong).toEqual({});
  });

  test('refuses unknown and double query parameters with 400', async () => {
    const wrong = await walk(
      routes.filter(({ method, access }) => method === 'get' && access.kind !== 'local'),
      async (route) => {
        const unknown = await expectStatus(await askAllowed(route, toPath(route, undefined, 'unknownOne=1'), {}), 400);
        if (unknown !== null) return unknown;
        const twice = await askAllowed(route, toPath(route, undefined, 'unknownOne=1&unknownOne=2'), {});
        const scope = route.access.kind === 'organization' ? 'organization=acme' : 'workspace=acme/shop';
        const scopes = await askAllowed(route, toPath(route, undefined, `${scope}&${scope}`), {});
        return (await expectStatus(twice, 400)) ?? expectStatus(scopes, 400);
      },
    );
    expect(wrong).toEqual({});
  });

  test('refuses a method that its path does not have with 405 and those it has', async () => {
    const paths = new Map(routes.map((route) => [route.path, route]));
    const wrong = await walk([...paths.values()], async (route) => {
      const answer = await send(portOf(use().port), toPath(route), {
        method: 'PROPFIND',
        headers: { authorization: `Bearer ${operator}` },
      });
      const allowed = answer.headers.get('allow') ?? '';
      if (!allowed.split(', ').includes(route.method.toUpperCase())) return `Allow: ${allowed}`;
      return expectStatus(answer, 405, 'method-not-allowed');
    });
    expect(wrong).toEqual({});
  });

  test('tells browsers to guess, frame, load and keep nothing', async () => {
    const wrong = await walk(
      routes.filter(({ method }) => method === 'get'),
      async (route) => {
        const { headers } = await ask(route, toPath(route), null);
        const all = [
          'x-content-type-options',
          'content-security-policy',
          'referrer-policy',
          'x-request-id',
          'ratelimit-limit',
        ];
        const missing = all.filter((name) => !headers.has(name));
        const cors = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
        return missing.length + cors.length === 0 ? null : [...missing, ...cors].join(' ');
      },
    );
    expect(wrong).toEqual({});
  });

  /** A body that gets past the schema is not needed where access is refused; one that is JSON is. */
  function bodyFor(route: Route): SendOptions {
    return route.method === 'get' || route.bytes !== undefined ? {} : { body: {}, headers: { 'if-match': '*' } };
  }
});

/** Rights without which a route is refused. */
function needed(access: Route['access']): string[] {
  if (access.kind === 'workspace-or-organization') return [access.workspace];
  return 'action' in access ? [access.action] : [];
}

/** Names of the fields of an object, of each alternative for a union. */
function fieldsOf(schema: JsonSchema): string[] {
  const alternatives = (schema['anyOf'] ?? schema['oneOf'] ?? []) as JsonSchema[];
  const properties = Object.keys((schema['properties'] ?? {}) as object);
  return [...new Set([...properties, ...alternatives.flatMap(fieldsOf)])];
}

/** What tells the first alternative of a union from the others. */
function kindOf(schema: JsonSchema): Record<string, unknown> {
  const [first] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as { properties?: Record<string, JsonSchema> }[];
  const constants = Object.entries(first?.properties ?? {}).filter(([, property]) => 'const' in property);
  return Object.fromEntries(constants.map(([name, property]) => [name, property['const']]));
}
