import * as z from 'zod/mini';
import type { OpenShellRequest, ShellObject } from '#core/shell.ts';
import { moment } from './status.ts';

const size = z.int().check(z.gte(1), z.lte(1_000));

export const openShellSchema = z.strictObject({
  ...{ rows: size, columns: size, secrets: z.boolean() },
}) satisfies z.ZodMiniType<OpenShellRequest>;

export const shellSchema = z.strictObject({
  ...{ id: z.uuid(), runId: z.uuid(), stage: z.string(), attempt: z.int() },
  state: z.enum(['asked', 'open', 'ended']),
  secrets: z.boolean(),
  createdAt: moment,
}) satisfies z.ZodMiniType<ShellObject>;
