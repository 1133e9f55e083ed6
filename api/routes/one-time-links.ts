import * as z from 'zod/mini';
import type { ApiContext } from '../context.ts';
import { route, type Route } from '../route.ts';
import { createOneTimeLink } from '../sign-in/one-time-link.ts';

/** Links that sign a browser in once, from whoever may use the socket. */
export function oneTimeLinkRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/one-time-links', name: 'createOneTimeLink', tag: 'me', access: { kind: 'local' } },
      summary: 'Makes a link that works once: for the first visit, or to sign a browser in as the local user.',
      body: z.strictObject({ purpose: z.enum(['setup', 'open']) }),
      answers: { 201: z.strictObject({ path: z.string(), expiresAt: z.iso.datetime() }) },
      // Not kept for a repetition: the answer holds the token in clear, and a second link harms nothing.
      handle: async ({ request, body }) => request.json(await createOneTimeLink(context, body.purpose), 201),
    }),
  ];
}
