import * as z from 'zod/mini';
import {
  MOST_OF_BATCH,
  type CancelledRun,
  type CancelledRuns,
  type CancelRunsRequest,
  type RerunRuns,
  type RerunRunsRequest,
} from '#core/rest-batch.ts';
import { problemSchema } from './problem.ts';
import { runSchema } from './run.ts';

const runs = z.array(z.uuid()).check(z.minLength(1), z.maxLength(MOST_OF_BATCH));

export const cancelRunsSchema = z.strictObject({ runs }) satisfies z.ZodMiniType<CancelRunsRequest>;

export const rerunRunsSchema = z.strictObject({
  runs,
  kind: z.enum(['failed', 'all']),
}) satisfies z.ZodMiniType<RerunRunsRequest>;

const named = { id: z.uuid(), label: z.string() };

const cancelledRunSchema = z.union([
  z.strictObject({ ...named, state: z.literal('accepted') }),
  z.strictObject({ ...named, state: z.literal('pending'), command: z.uuid() }),
  z.strictObject({ ...named, state: z.literal('refused'), problem: problemSchema }),
]) satisfies z.ZodMiniType<CancelledRun>;

export const cancelledRunsSchema = z.strictObject({
  items: z.array(cancelledRunSchema),
}) satisfies z.ZodMiniType<CancelledRuns>;

export const rerunRunsAnswerSchema = z.strictObject({
  items: z.array(runSchema),
}) satisfies z.ZodMiniType<RerunRuns>;
