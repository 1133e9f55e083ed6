import type { ApiContext } from '../context.ts';
import { loadInbox } from '../objects/load-inbox.ts';
import { route, type Route } from '../route.ts';
import { inboxSchema } from '../schemas/inbox.ts';

/** What needs the caller. */
export function inboxRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/me/inbox', name: 'getInbox', tag: 'me' },
      access: { kind: 'signed-in', action: 'run:read' },
      summary: 'Answers what waits for me, what is broken now, my runs, and what of mine ends soon.',
      answers: { 200: inboxSchema },
      async handle({ request, data, principal }) {
        return request.json(await data((scoped) => loadInbox(context, scoped, principal)));
      },
    }),
  ];
}
