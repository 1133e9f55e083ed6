import * as z from 'zod/mini';
import { findDifferentSettings } from '#config/system/digest.ts';
import type { ApiContext } from '../context.ts';
import { holdPort } from '../port/hold.ts';
import { ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';

const bodySchema = z.strictObject({
  host: z.string().check(z.minLength(1)),
  port: z.int().check(z.minimum(0), z.maximum(65_535)),
  isExact: z.boolean(),
  publicUrl: z.nullable(z.url()),
  insecureHttp: z.boolean(),
  settings: z.record(z.string(), z.string()),
});

/** The port of the embedded engine. */
export function portRoutes(context: ApiContext): Route[] {
  return [
    route({
      method: 'post',
      path: '/port',
      name: 'holdPort',
      summary: 'Opens the port and keeps it open until the caller ends the request.',
      tag: 'system',
      access: { kind: 'local' },
      body: bodySchema,
      answers: { 200: 'application/x-ndjson' },
      async handle({ request, body }) {
        const { settings, ...wanted } = body;
        // A port without what its opener set (an executor that is off, a key) would be another server than was meant.
        const different = findDifferentSettings(context.settings, settings);
        if (different.length > 0 && context.port.current() === null) {
          throw new ProblemError(409, 'settings-differ', `the engine runs with another ${different.join(', ')}`, {
            hint: 'stop it with "buildit engine stop" and start the server again',
          });
        }
        const open = await context.port.open(wanted);
        return holdPort(context.port, open, [request.req.raw.signal, context.closing]);
      },
    }),
  ];
}
