import * as z from 'zod/mini';
import { findToken, listTokens, revokeToken } from '#db/queries/api-tokens.ts';
import { requireFresh } from '../access/fresh.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { actionSchema, createdTokenSchema, tokenSchema } from '../schemas/token.ts';
import { createApiToken } from '../sign-in/create-token.ts';
import { describeToken } from '../sign-in/token-object.ts';

const MAX_DAYS = 365;

const createSchema = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'is 1 to 63 of a-z, 0-9 and .-_')),
  scopes: z.array(actionSchema).check(z.minLength(1), z.maxLength(actionSchema.options.length)),
  expiresInDays: z.int().check(z.minimum(1), z.maximum(MAX_DAYS)),
});

const ownerQuery = z.strictObject({ workspace: z.optional(z.string()), organization: z.optional(z.string()) });

const ofToken = {
  kind: 'object',
  object: 'token',
  param: 'token',
  action: 'token:write',
  organizationAction: 'organization:tokens',
} as const;
const tag = 'tokens';

/** API tokens: for programs, with some of their creator's rights and an end (I21). */
export function tokenRoutes(_context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/tokens', name: 'listTokens', tag, access: { kind: 'signed-in' } },
      summary: 'Lists the caller’s own tokens and those of what they look after, the newest first.',
      answers: { 200: pageOf(tokenSchema) },
      async handle({ request, principal, data }) {
        const { organizations, sessionId, userId } = principal;
        const seen = {
          // A token is not its creator: it sees those that its scopes let it look after.
          userId: sessionId === null ? null : userId,
          organizationIds: organizations
            .filter(({ actions }) => actions.has('organization:tokens'))
            .map(({ id }) => id),
          workspaceIds: organizations
            .flatMap(({ workspaces }) => workspaces)
            .filter(({ actions }) => actions.has('token:write'))
            .map(({ id }) => id),
        };
        const tokens = await data((scoped) => listTokens(scoped, seen));
        return request.json(wholePage(tokens.map((token) => describeToken(token, principal))));
      },
    }),
    route({
      ...{ method: 'post', path: '/tokens', name: 'createToken', tag },
      summary: 'Makes a token for a workspace, or for the whole organization; the answer alone shows it.',
      access: { kind: 'workspace-or-organization', workspace: 'token:write', organization: 'organization:tokens' },
      query: ownerQuery,
      body: createSchema,
      answers: { 201: createdTokenSchema },
      async handle(call) {
        // Not kept for a repetition with the same Idempotency-Key: the answer holds the token in clear. The name, which
        // is taken then, keeps a repetition from making a second one.
        requireFresh(call.principal);
        const created = await createApiToken(call, requireOwner(call));
        return call.request.json(created, 201, { 'Cache-Control': 'no-store' });
      },
    }),
    route({
      ...{ method: 'get', path: '/tokens/:token', name: 'getToken', tag, access: ofToken },
      summary: 'Answers a token by its id, without its text.',
      answers: { 200: tokenSchema },
      async handle({ request, principal, params, data }) {
        const token = await data((scoped) => findToken(scoped, params.token));
        if (!token) throw notFound(`token ${params.token}`);
        return request.json(describeToken(token, principal));
      },
    }),
    route({
      ...{ method: 'delete', path: '/tokens/:token', name: 'revokeToken', tag, access: ofToken },
      summary: 'Revokes a token: its next request is refused.',
      answers: { 204: 'none' },
      async handle(call) {
        const { request, params, data } = call;
        await data(async (scoped) => {
          const token = await findToken(scoped, params.token);
          if (!token) throw notFound(`token ${params.token}`);
          await revokeToken(scoped, token.id);
          const { id, name, organizationId, workspaceId } = token;
          const object = { kind: 'token', id, name };
          await recordAudit(scoped, call, { action: 'token.revoke', owner: { organizationId, workspaceId }, object });
        });
        return request.body(null, 204);
      },
    }),
  ];
}
