import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { Action, OrganizationAction, WorkspaceAction } from '#core/permission.ts';
import type { Scoped } from '#db/scope.ts';
import type { Owner, Principal } from './access/principal.ts';
import type { ApiEnvironment } from './context.ts';

/**
 * A route as a value: what the router, the OpenAPI document, the permission walk of the tests and the typed client are
 * all made of, so that they cannot differ.
 */
export interface Route<Path extends string = string, Query = unknown, Body = unknown> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`: `/runs/:run/cancel`. */
  path: Path;
  /** `operationId` of the document and name in the typed client: `cancelRun`. */
  name: string;
  /** One sentence, present tense: what it does or answers. */
  summary: string;
  tag: Tag;
  access: RouteAccess;
  /** Unknown query parameters and fields are 400: schemas are strict objects. */
  query?: z.ZodMiniType<Query>;
  body?: z.ZodMiniType<Body>;
  /** Media type of a body that is no JSON: the handler reads it (`readBytes`). */
  bytes?: string;
  /** By status; a schema is JSON, a text another media type, or several: `application/x-ndjson, text/csv`. Problems are added by the document itself. */
  answers: Partial<Record<200 | 201 | 202 | 204 | 206, z.ZodMiniType | string>>;
  handle(call: Call<Path, Query, Body>): Promise<Response> | Response;
}

export const TAGS = [
  'runs',
  'pipelines',
  'gates',
  'logs',
  'artifacts',
  'environments',
  'secrets',
  'people',
  'workspaces',
  'tokens',
  'audit',
  'webhooks',
  'quotas',
  'me',
  'system',
  'stream',
] as const;
export type Tag = (typeof TAGS)[number];

/**
 * Who may call it. Checked before the handler runs, in this order: no principal 401, the object is not there or not in
 * a workspace the principal may read 404, the action is lacking 403.
 */
export type RouteAccess =
  /** Anybody, also without a token. */
  | { kind: 'public' }
  /** Any principal: what it answers is limited by the scope alone, with an `action` to workspaces where they have it. */
  | { kind: 'signed-in'; action?: WorkspaceAction }
  /** Over the unix socket alone (ENGINE 11); elsewhere 403 `local-only`. */
  | { kind: 'local' }
  /**
   * The object that the path parameter names, found by {@link ObjectKind}; `organizationAction` where one that belongs to
   * no single workspace takes another right.
   */
  | { kind: 'object'; object: ObjectKind; param: string; action: Action; organizationAction?: OrganizationAction }
  /** The workspace of `?workspace=org/ws`, or the only one the principal has; several and none named: 422. */
  | { kind: 'workspace'; action: Action }
  /** The organization of `?organization=`, or the only one. */
  | { kind: 'organization'; action: Action }
  /**
   * Where an object may belong to either: the workspace of `?workspace=` when it is named, else the organization as
   * above. The route's query schema has both names.
   */
  | { kind: 'workspace-or-organization'; workspace: WorkspaceAction; organization: OrganizationAction }
  /** Who looks after the installation. */
  | { kind: 'operator' };

/** Objects a path can name; `api/access/find-owner.ts` finds where each belongs. */
export const OBJECT_KINDS = [
  'run',
  'gate',
  'artifact',
  'command',
  'pipeline',
  'environment',
  'secret',
  'token',
  'team',
  'member',
  'invitation',
  'role',
  'webhook',
  'workspace',
  'organization',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Names of the parameters in a path. */
export type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Params<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** One request to one route, checked and allowed. */
export interface Call<Path extends string = string, Query = unknown, Body = unknown> {
  /** For headers, address and abort signal. */
  request: Context<ApiEnvironment>;
  params: Record<Params<Path>, string>;
  query: Query;
  body: Body;
  /** Not there on public routes without a token. */
  principal: Principal;
  /** Where the route's object, workspace or organization belongs; null for `public`, `signed-in`, `local`, `operator`. */
  owner: Owner | null;
  /** Reads and writes rows of the principal's workspaces, in one transaction. */
  data<Result>(work: (scoped: Scoped) => Promise<Result>): Promise<Result>;
  /** As `data`, for what many write under one lock (db/scope.ts, `inScopeBriefly`). */
  dataBriefly<Result>(work: (scoped: Scoped) => Promise<Result>): Promise<Result>;
}

/** Checks a route's own types and forgets them: lists of routes are of one type. */
export function route<const Path extends string, Query = Record<string, never>, Body = Record<string, never>>(
  definition: Route<Path, Query, Body>,
): Route {
  return definition as unknown as Route;
}
