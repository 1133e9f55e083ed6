import * as z from 'zod/mini';
import type { ApprovedGate, ApprovedGates, ApproveGatesRequest } from '#core/rest-gates.ts';
import { problemSchema } from './problem.ts';

/** Items of a batch (UI §9). */
const MOST = 100;

export const approveGatesSchema = z.strictObject({
  gates: z
    .array(z.strictObject({ id: z.uuid(), expectedSeq: z.exactOptional(z.int()) }))
    .check(z.minLength(1), z.maxLength(MOST)),
  comment: z.exactOptional(z.string().check(z.maxLength(4_000))),
}) satisfies z.ZodMiniType<ApproveGatesRequest>;

const named = { id: z.uuid(), name: z.string() };

const approvedGateSchema = z.union([
  z.strictObject({ ...named, state: z.literal('decided') }),
  z.strictObject({ ...named, state: z.literal('pending'), command: z.uuid() }),
  z.strictObject({ ...named, state: z.literal('refused'), problem: problemSchema }),
]) satisfies z.ZodMiniType<ApprovedGate>;

export const approvedGatesSchema = z.strictObject({
  items: z.array(approvedGateSchema),
}) satisfies z.ZodMiniType<ApprovedGates>;
