import * as z from 'zod/mini';
import type { InboxObject, InboxRun, SearchHit } from '#core/rest-inbox.ts';
import { runSummarySchema } from './pipeline.ts';
import { gateSchema } from './run.ts';
import { moment, statusSchema } from './status.ts';

const inboxRun = z.extend(runSummarySchema, {
  workspace: z.string(),
  pipeline: z.strictObject({ id: z.uuid(), name: z.string() }),
  url: z.string(),
}) satisfies z.ZodMiniType<InboxRun>;

export const inboxSchema = z.strictObject({
  waiting: z.array(z.strictObject({ gate: gateSchema, run: inboxRun })),
  broken: z.array(inboxRun),
  mine: z.array(inboxRun),
  soon: z.array(z.strictObject({ kind: z.literal('token'), id: z.uuid(), name: z.string(), expiresAt: moment })),
}) satisfies z.ZodMiniType<InboxObject>;

export const searchHitSchema = z.strictObject({
  kind: z.enum(['pipeline', 'run', 'environment']),
  id: z.uuid(),
  name: z.string(),
  workspace: z.string(),
  url: z.string(),
  status: z.nullable(statusSchema),
}) satisfies z.ZodMiniType<SearchHit>;
