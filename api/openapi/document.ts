import * as z from 'zod/mini';
import { shapeOf } from '../request-body.ts';
import { TAGS, type Route, type RouteAccess } from '../route.ts';
import { problemSchema } from '../schemas/problem.ts';
import { linksOf } from './links.ts';
import { listRefusals, refusalsOf } from './refusals.ts';
import { nameSchemas } from './schema-names.ts';

/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  /** By status; refusals are the same everywhere and stand under `components`. */
  responses: Record<string, OperationAnswer | { $ref: string }>;
}

export interface OperationAnswer {
  description: string;
  content?: Record<string, { schema: JsonSchema }>;
  links?: object;
}

/** What `GET /api/openapi.json` answers. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, OperationAnswer>;
    securitySchemes: Record<string, object>;
  };
}

const PREFIX = '/api/v1';

const DESCRIPTION = [
  'Every route takes and answers JSON. Unknown fields and query parameters are refused.',
  'A refusal is `application/problem+json` with a stable `code`, explained in docs/faults.',
  'A write takes an `Idempotency-Key`: the same one twice acts once.',
].join(' ');

/** The document of the routes, in their order. Throws when two of them have one name. */
export function describeRoutes(routes: readonly Route[], version: string): OpenApiDocument {
  const registry = nameSchemas(routes);
  const schemas: Record<string, JsonSchema> = {};
  const convert: Convert = (schema, io) => {
    const json = z.toJSONSchema(schema, { metadata: registry, unrepresentable: 'any', io, override: simplify });
    const {
      $schema: _,
      $defs = {},
      ...rest
    } = JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema & {
      $defs?: Record<string, JsonSchema>;
    };
    for (const [name, definition] of Object.entries($defs)) schemas[name] = dropId(definition);
    return dropId(rest);
  };
  convert(problemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  const names = new Set<string>();
  for (const route of routes) {
    if (names.has(route.name)) throw new Error(`two routes have the name ${route.name}`);
    names.add(route.name);
    const path = `${PREFIX}${route.path.replaceAll(/:([^/]+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: describeRoute(route, routes, convert) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'BuildIt', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: TAGS.filter((tag) => routes.some((route) => route.tag === tag)).map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: {}, ...schemas },
      responses: listRefusals(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token, or the sign-in of a command line.' },
        session: { type: 'apiKey', in: 'cookie', name: 'bi_session', description: 'The sign-in of a browser.' },
      },
    },
  };
}

type Convert = (schema: z.ZodMiniType, io: 'input' | 'output') => JsonSchema;

function describeRoute(route: Route, routes: readonly Route[], convert: Convert): Operation {
  const { name, summary, tag, access, body, bytes, method } = route;
  const isWrite = method !== 'get';
  const requestBody = bytes
    ? { [bytes]: { schema: {} } }
    : body
      ? { 'application/json': { schema: convert(body, 'input') } }
      : null;
  return {
    operationId: name,
    summary,
    description: describeAccess(access),
    tags: [tag],
    security: access.kind === 'public' ? [] : [{ bearer: [] }, { session: [] }],
    parameters: [...listParameters(route, convert), ...(isWrite ? listWriteHeaders(method) : [])],
    ...(requestBody ? { requestBody: { required: bytes !== undefined, content: requestBody } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          describeAnswer(Number(status), answer, routes, convert),
        ]),
      ),
      ...refusalsOf(route),
    },
  };
}

function describeAnswer(status: number, answer: z.ZodMiniType | string, routes: readonly Route[], convert: Convert) {
  const links = linksOf(answer, routes);
  const content =
    typeof answer === 'string'
      ? Object.fromEntries(answer.split(', ').map((type) => [type, { schema: {} }]))
      : { 'application/json': { schema: convert(answer, 'output') } };
  return { description: DONE[status] ?? 'Done.', ...(status === 204 ? {} : { content }), ...(links ? { links } : {}) };
}

const DONE: Record<number, string> = {
  201: 'Made.',
  202: 'Accepted; the command says later what became of it.',
  204: 'Done; there is nothing to say.',
  206: 'The part that was asked for.',
};

function listParameters(route: Route, convert: Convert): Parameter[] {
  const inPath = [...route.path.matchAll(/:([^/]+)/g)].map(([, name = '']): Parameter => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
  const shape = route.query ? shapeOf(route.query) : {};
  const json = route.query ? convert(route.query, 'input') : {};
  const properties = (json['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (json['required'] ?? []) as string[];
  const inQuery = Object.keys(shape).map((name): Parameter => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: properties[name] ?? {},
  }));
  const { kind } = route.access;
  const scope = kind === 'organization' ? kind : kind === 'workspace' || kind === 'object' ? 'workspace' : null;
  if (scope !== null && !Object.hasOwn(shape, scope)) inQuery.push(SCOPES[scope]);
  return [...inPath, ...inQuery];
}

const SCOPES: Record<'workspace' | 'organization', Parameter> = {
  workspace: {
    ...{ name: 'workspace', in: 'query', required: false, schema: { type: 'string' } },
    description: '`organization/workspace`; needed only by who has several.',
  },
  organization: {
    ...{ name: 'organization', in: 'query', required: false, schema: { type: 'string' } },
    description: 'Needed only by who is in several.',
  },
};

function listWriteHeaders(method: Route['method']): Parameter[] {
  const key: Parameter = {
    ...{ name: 'Idempotency-Key', in: 'header', required: false },
    description: 'The same key and body within a day act once.',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[!-~]+$' },
  };
  const match: Parameter = {
    ...{ name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } },
    description: 'The ETag of what is changed, where the object has one.',
  };
  return method === 'post' ? [key] : [key, match];
}

function describeAccess(access: RouteAccess): string {
  switch (access.kind) {
    case 'public':
      return 'Needs no token.';
    case 'signed-in':
      return access.action === undefined
        ? 'Needs a token or session; answers what its owner may see.'
        : `Needs a token or session; answers what is in workspaces where it has the right \`${access.action}\`.`;
    case 'local':
      return 'Over the local socket alone.';
    case 'object':
      return `Needs the right \`${access.action}\` where the ${access.object} is.`;
    case 'workspace':
    case 'organization':
      return `Needs the right \`${access.action}\` in the ${access.kind}.`;
    case 'workspace-or-organization':
      return `Needs \`${access.workspace}\` in the workspace that is named, else \`${access.organization}\`.`;
    case 'operator':
      return 'For operators of the installation.';
    default:
      return access satisfies never;
  }
}

/** A format says what the page-long pattern beside it does; classes of Unicode are not everywhere understood. */
function simplify({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string; $ref?: string } }): void {
  const { format, pattern = '' } = jsonSchema;
  if (format === 'uuid' || format === 'date-time' || /\\p\{/i.test(pattern)) delete jsonSchema.pattern;
}

function dropId({ id, ...schema }: JsonSchema): JsonSchema {
  return typeof id === 'string' ? schema : { ...(id === undefined ? {} : { id }), ...schema };
}
