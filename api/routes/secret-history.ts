import * as z from 'zod/mini';
import { findNamedSecret, listSecretAccesses, listSecretVersions } from '#db/queries/secrets.ts';
import type { ApiContext } from '../context.ts';
import { toSecretAccessObject, toSecretVersionObject } from '../objects/secret-object.ts';
import { DEFAULT_LIMIT, readCursor, toPage } from '../page.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, pageQuery, wholePage } from '../schemas/page.ts';
import { secretAccessSchema, secretReceiversSchema, secretVersionSchema } from '../schemas/secret.ts';
import { findReceivers } from '../secrets/find-receivers.ts';

const tag = 'secrets';
const access = { kind: 'object', object: 'secret', param: 'secret', action: 'secret:list' } as const;

/** What becomes of a secret: its versions, who was given it, and who would be. */
export function secretHistoryRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/secrets/:secret/versions', name: 'listSecretVersions', tag, access },
      summary: 'Lists the versions of a secret, newest first; never a value.',
      answers: { 200: pageOf(secretVersionSchema) },
      async handle({ request, params, data }) {
        const items = await data(async (scoped) => {
          const [secret, versions] = await Promise.all([
            findNamedSecret(scoped, params.secret),
            listSecretVersions(scoped, params.secret),
          ]);
          return versions.map((row) => toSecretVersionObject(row, secret?.version ?? 0));
        });
        return request.json(wholePage(items));
      },
    }),
    route({
      ...{ method: 'get', path: '/secrets/:secret/accesses', name: 'listSecretAccesses', tag, access },
      summary: 'Lists which stages were given a secret and which were refused, newest first.',
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(secretAccessSchema) },
      async handle({ request, params, query, data }) {
        const { limit = DEFAULT_LIMIT } = query;
        const filter = { secret: params.secret };
        const cursor = readCursor(query.cursor, filter);
        const rows = await data((scoped) => listSecretAccesses(scoped, params.secret, cursor, limit));
        return request.json(toPage(rows, limit, cursor, filter, toSecretAccessObject));
      },
    }),
    route({
      ...{ method: 'get', path: '/secrets/:secret/receivers', name: 'listSecretReceivers', tag, access },
      summary: 'Lists the stages that would be given a secret, as the present texts of pipelines declare.',
      answers: { 200: secretReceiversSchema },
      async handle({ request, params, data }) {
        const secret = await data((scoped) => findNamedSecret(scoped, params.secret));
        if (!secret) throw notFound(`secret ${params.secret}`);
        return request.json(await findReceivers(context, { data }, secret));
      },
    }),
  ];
}
