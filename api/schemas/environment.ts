import * as z from 'zod/mini';
import type {
  ChangeEnvironmentRequest,
  CreateEnvironmentRequest,
  EnvironmentLock,
  EnvironmentObject,
} from '#core/rest-environments.ts';
import { line } from './pipeline.ts';
import { canSchema, moment } from './status.ts';

const lockSchema = z.strictObject({
  by: z.string(),
  reason: z.string(),
  at: moment,
}) satisfies z.ZodMiniType<EnvironmentLock>;

export const environmentSchema = z.strictObject({
  id: z.uuid(),
  topic: z.string(),
  seq: z.int(),
  createdAt: moment,
  workspace: z.string(),
  name: z.string(),
  description: z.string(),
  position: z.int(),
  lock: z.nullable(lockSchema),
  can: z.strictObject({ write: canSchema, lock: canSchema }),
}) satisfies z.ZodMiniType<EnvironmentObject>;

const position = z.exactOptional(z.int().check(z.gte(0), z.lte(10_000)));
const description = z.exactOptional(line(1_000));

export const createEnvironmentSchema = z.strictObject({
  name: z.string().check(
    z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, 'letters, digits, - _ and ., at most 100, not beginning with - or .'),
    z.refine((name) => !/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(name), 'looks like an id'),
  ),
  description,
  position,
}) satisfies z.ZodMiniType<CreateEnvironmentRequest>;

export const changeEnvironmentSchema = z.strictObject({
  description,
  position,
}) satisfies z.ZodMiniType<ChangeEnvironmentRequest>;

/** Why it is locked or unlocked. */
export const lockReasonSchema = z.strictObject({ reason: line(1_000).check(z.minLength(1)) });
