import * as z from 'zod/mini';
import type { Reason } from '#core/attempt.ts';
import { ENDINGS } from '#core/ending.ts';
import type { Can } from '#core/rest.ts';
import type { Status } from '#core/run.ts';

/** ISO with milliseconds, in UTC. */
export const moment = z.iso.datetime();

export const reasonSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  values: z.exactOptional(z.record(z.string(), z.string())),
}) satisfies z.ZodMiniType<Reason>;

export const endingSchema = z.enum(ENDINGS);

export const statusSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('waiting'), reason: reasonSchema }),
  z.strictObject({ kind: z.literal('queued'), since: moment, reason: z.exactOptional(reasonSchema) }),
  z.strictObject({ kind: z.literal('running'), attempt: z.int(), since: moment, heartbeatAt: moment }),
  z.strictObject({ kind: z.literal('cancelling'), since: moment }),
  z.strictObject({ kind: z.literal('paused'), reason: reasonSchema }),
  z.strictObject({ kind: z.literal('ended'), ending: endingSchema, reason: z.nullable(reasonSchema), at: moment }),
]) satisfies z.ZodMiniType<Status>;

/** Whether the caller may, and if not, why. */
export const canSchema = z.union([
  z.literal(true),
  z.strictObject({ no: z.string(), code: z.string() }),
]) satisfies z.ZodMiniType<Can>;

/** What every object with a life has. */
export const restObject = {
  id: z.uuid(),
  topic: z.string(),
  seq: z.int(),
  createdAt: moment,
  status: statusSchema,
};
