import * as z from 'zod/mini';
import { readHealth } from '#db/queries/health.ts';
import type { ApiContext } from '../context.ts';
import { route, type Route } from '../route.ts';

const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  serverTime: z.iso.datetime(),
  database: z.object({
    answerMs: z.number(),
    version: z.string(),
    openRuns: z.number(),
    outbox: z.number(),
    outboxError: z.nullable(z.string()),
  }),
});

/** How the parts behind the API are. */
export function systemRoutes(context: ApiContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/system/health',
      name: 'readHealth',
      summary: 'Says how the parts behind the API are.',
      tag: 'system',
      access: { kind: 'signed-in' },
      answers: { 200: healthSchema },
      async handle({ request }) {
        const begun = performance.now();
        const health = await readHealth(context.database);
        return request.json({
          status: 'ok',
          version: context.version,
          serverTime: new Date().toISOString(),
          database: { answerMs: Math.round(performance.now() - begun), ...health },
        });
      },
    }),
  ];
}
