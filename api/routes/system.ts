import * as z from 'zod/mini';
import type { ExecutorObject } from '#core/rest-health.ts';
import type { ApiContext } from '../context.ts';
import { listExecutors } from '../health/executors.ts';
import { loadHealth } from '../health/load-health.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { moment } from '../schemas/status.ts';

const factSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  state: z.enum(['ok', 'warn', 'bad']),
  value: z.string(),
  limit: z.nullable(z.string()),
  at: moment,
  remedy: z.nullable(z.string()),
});

const databaseSchema = z.strictObject({
  answerMs: z.number(),
  version: z.string(),
  openRuns: z.int(),
  outbox: z.int(),
  outboxError: z.nullable(z.string()),
  outboxAgeMs: z.int(),
});

const healthSchema = z.strictObject({
  status: z.enum(['ok', 'warn', 'bad']),
  version: z.string(),
  serverTime: moment,
  database: databaseSchema,
  facts: z.array(factSchema),
});

const executorSchema = z.strictObject({
  queue: z.string(),
  identity: z.string(),
  seenAt: z.nullable(moment),
  kind: z.enum(['workflows', 'pool', 'host']),
  runner: z.nullable(
    z.strictObject({
      labels: z.array(z.string()),
      stages: z.int(),
      maxStages: z.nullable(z.int()),
      runs: z.int(),
      version: z.nullable(z.string()),
      processExecutor: z.nullable(z.boolean()),
    }),
  ),
}) satisfies z.ZodMiniType<ExecutorObject>;

const tag = 'system';

/** How the parts behind the API are. */
export function systemRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/system/health', name: 'readHealth', tag, access: { kind: 'operator' } },
      summary: 'Says how the parts behind the API are, with limits and remedies.',
      answers: { 200: healthSchema },
      async handle({ request }) {
        return request.json(await loadHealth(context));
      },
    }),
    route({
      ...{ method: 'get', path: '/executors', name: 'listExecutors', tag, access: { kind: 'operator' } },
      summary: 'Lists the workers that ask for work, by task queue.',
      answers: { 200: pageOf(executorSchema) },
      async handle({ request }) {
        return request.json(wholePage(await listExecutors(context)));
      },
    }),
  ];
}
