import { isAbsolute } from 'node:path';
import * as z from 'zod/mini';
import type { RerunRequest, StartRunRequest } from '#core/rest.ts';
import type { DebugOptions } from '#core/shell.ts';

const words = z.record(z.string(), z.string());
const absolutePath = z.string().check(z.refine((path) => isAbsolute(path), 'must be an absolute path'));

const debugSchema = z.strictObject({
  shellOnFailure: z.boolean(),
  breakAt: z.array(z.string()),
}) satisfies z.ZodMiniType<DebugOptions>;

/** Body of `POST /api/v1/runs`. */
export const startRunSchema = z.strictObject({
  file: absolutePath,
  text: z.string(),
  root: absolutePath,
  params: words,
  environment: words,
  envFile: words,
  docker: z.nullable(z.strictObject({ endpoint: z.string().check(z.minLength(1)) })),
  executor: z.nullable(z.enum(['docker', 'process'])),
  stages: z.array(z.string()),
  maxParallel: z.nullable(z.int().check(z.positive())),
  inPlace: z.boolean(),
  git: z.boolean(),
  debug: z.nullable(debugSchema),
  secretFile: z.nullable(absolutePath),
  secrets: words,
}) satisfies z.ZodMiniType<StartRunRequest>;

const sources = {
  secretFile: z.exactOptional(absolutePath),
  secrets: z.exactOptional(words),
  shell: z.exactOptional(z.boolean()),
};

/** Body of `POST runs/:id/rerun`. */
export const rerunSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('failed'), ...sources }),
  z.strictObject({ kind: z.literal('all'), ...sources }),
  z.strictObject({ kind: z.literal('stage'), name: z.string(), ...sources }),
  z.strictObject({ kind: z.literal('leg'), name: z.string(), ...sources }),
]) satisfies z.ZodMiniType<RerunRequest>;
