import * as z from 'zod/mini';
import type { ComparisonObject, NodeOutcome, TimelineObject } from '#core/rest-compare.ts';
import { runSummarySchema } from './pipeline.ts';
import { endingSchema, moment } from './status.ts';

const value = z.nullable(z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

const outcome = z.nullable(
  z.strictObject({
    ending: z.nullable(endingSchema),
    durationMs: z.nullable(z.number()),
    attempts: z.int(),
    image: z.nullable(z.string()),
    serviceImages: z.record(z.string(), z.string()),
    caches: z.array(z.strictObject({ name: z.string(), found: z.enum(['key', 'prefix', 'nothing']) })),
  }),
) satisfies z.ZodMiniType<NodeOutcome | null>;

export const comparisonSchema = z.strictObject({
  base: runSummarySchema,
  head: runSummarySchema,
  params: z.array(z.strictObject({ name: z.string(), base: value, head: value })),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      base: outcome,
      head: outcome,
      properties: z.array(z.strictObject({ property: z.string(), base: z.unknown(), head: z.unknown() })),
    }),
  ),
}) satisfies z.ZodMiniType<ComparisonObject>;

export const timelineSchema = z.strictObject({
  from: moment,
  to: z.nullable(moment),
  spans: z.array(
    z.strictObject({
      kind: z.enum(['attempt', 'gate']),
      name: z.string(),
      attempt: z.int(),
      from: moment,
      to: z.nullable(moment),
      ending: z.nullable(endingSchema),
      queuedAt: z.nullable(moment),
      programAt: z.nullable(moment),
      savedAt: z.nullable(moment),
      stepMs: z.array(z.number()),
    }),
  ),
  workflow: z.nullable(z.strictObject({ id: z.string(), runId: z.nullable(z.string()), url: z.nullable(z.string()) })),
}) satisfies z.ZodMiniType<TimelineObject>;
