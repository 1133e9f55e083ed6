import * as z from 'zod/mini';
import type { NoteObject, TestOfRunObject, TestResultObject } from '#core/rest-tests.ts';
import { TEST_OUTCOMES, type TestTotals } from '#core/test-report.ts';
import { moment } from './status.ts';

export const outcomeSchema = z.enum(TEST_OUTCOMES);
const text = z.nullable(z.string());

export const totalsSchema = z.strictObject({
  ...{ passed: z.int(), failed: z.int(), errored: z.int(), skipped: z.int() },
}) satisfies z.ZodMiniType<TestTotals>;

export const testResultSchema = z.strictObject({
  ...{ id: z.uuid(), stage: z.string(), attempt: z.int(), suite: z.string(), name: z.string() },
  outcome: outcomeSchema,
  durationMs: z.nullable(z.number()),
  ...{ message: text, trace: text, file: text, line: z.nullable(z.int()) },
  flaky: z.boolean(),
  previous: z.nullable(z.strictObject({ outcome: outcomeSchema, durationMs: z.nullable(z.number()) })),
}) satisfies z.ZodMiniType<TestResultObject>;

export const testOfRunSchema = z.strictObject({
  ...{ id: z.uuid(), runId: z.uuid(), label: z.string(), branch: text, commit: text, attempt: z.int() },
  outcome: outcomeSchema,
  durationMs: z.nullable(z.number()),
  at: moment,
}) satisfies z.ZodMiniType<TestOfRunObject>;

export const noteSchema = z.strictObject({
  ...{ id: z.uuid(), stage: z.string(), attempt: z.int(), name: z.string(), text: z.string() },
}) satisfies z.ZodMiniType<NoteObject>;
