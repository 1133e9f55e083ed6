import * as z from 'zod/mini';
import type { CommandObject, Problem } from '#core/rest.ts';

/** RFC 9457 with our additions (UI §9). */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  hint: z.exactOptional(z.string()),
  cause: z.exactOptional(z.string()),
  changedBy: z.exactOptional(z.string()),
  retry: z.union([z.literal('no'), z.strictObject({ afterMs: z.number() })]),
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() })),
}) satisfies z.ZodMiniType<Omit<Problem, 'diagnostics' | 'present'>>;

export const commandSchema = z.strictObject({
  id: z.uuid(),
  state: z.enum(['pending', 'accepted', 'refused']),
  problem: z.exactOptional(problemSchema),
}) satisfies z.ZodMiniType<CommandObject>;
