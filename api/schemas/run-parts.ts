import * as z from 'zod/mini';
import type { RunChange } from '#core/change.ts';
import type { PlanSummary } from '#core/rest-pipelines.ts';
import type { ArtifactObject, WhyObject } from '#core/rest.ts';
import { endingSchema, moment, reasonSchema, statusSchema } from './status.ts';

const words = z.record(z.string(), z.string());

export const artifactSchema = z.strictObject({
  id: z.uuid(),
  runId: z.uuid(),
  stage: z.string(),
  attempt: z.int(),
  name: z.string(),
  files: z.int(),
  bytes: z.int(),
  digest: z.string(),
  createdAt: moment,
  expiresAt: z.nullable(moment),
}) satisfies z.ZodMiniType<ArtifactObject>;

/** `digest` is the SHA-256 of a file's content, null of folders and links. */
export const artifactFileSchema = z.looseObject({ path: z.string(), bytes: z.int(), digest: z.nullable(z.string()) });

export const graphSchema = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.uuid(),
      kind: z.enum(['stage', 'gate']),
      name: z.string(),
      stage: z.string(),
      leg: z.nullable(words),
      runOn: z.enum(['success', 'failure', 'always']),
      status: statusSchema,
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), on: z.string() })),
});

const by = { id: z.string(), by: z.string() };

const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...by, kind: z.literal('pause'), reason: z.nullable(z.string()) }),
  z.strictObject({ ...by, kind: z.literal('resume') }),
  z.strictObject({ ...by, kind: z.literal('extend'), stage: z.nullable(z.string()), ms: z.int() }),
  z.strictObject({ ...by, kind: z.literal('skip'), stage: z.string(), reason: z.nullable(z.string()) }),
  z.strictObject({ ...by, kind: z.literal('retry'), stage: z.string() }),
  z.strictObject({ ...by, kind: z.literal('cancel'), force: z.boolean() }),
]) satisfies z.ZodMiniType<RunChange>;

export const eventSchema = z.strictObject({
  seq: z.int(),
  kind: z.enum(['run', 'stage', 'gate']),
  name: z.string(),
  status: statusSchema,
  /** What somebody did, and who. */
  change: z.exactOptional(changeSchema),
  at: moment,
});

export const whySchema = z.strictObject({
  stage: z.string(),
  status: statusSchema,
  reason: z.nullable(reasonSchema),
  needs: z.array(
    z.strictObject({ to: z.string(), on: z.string(), ending: z.nullable(endingSchema), met: z.nullable(z.boolean()) }),
  ),
  condition: z.nullable(z.strictObject({ expression: z.string(), value: z.nullable(z.boolean()), values: words })),
  attempts: z.array(
    z.strictObject({
      attempt: z.int(),
      ending: endingSchema,
      exitCode: z.nullable(z.int()),
      reason: z.nullable(reasonSchema),
    }),
  ),
}) satisfies z.ZodMiniType<WhyObject>;

export const planSummarySchema = z.strictObject({
  name: z.string(),
  digest: z.string(),
  file: z.string(),
  stages: z.array(z.strictObject({ name: z.string(), legs: z.int() })),
  gates: z.array(z.string()),
  excluded: z.array(z.strictObject({ name: z.string(), expression: z.string(), values: words })),
  executors: z.array(z.string()),
  secrets: z.array(z.string()),
  notices: z.array(z.string()),
}) satisfies z.ZodMiniType<PlanSummary>;

/** The compiled plan, as the engine works by it (core/plan.ts): its inner form is no promise of the API. */
export const planSchema = z.looseObject({ digest: z.string(), file: z.string(), nodes: z.array(z.looseObject({})) });

export const logIndexSchema = z.strictObject({
  lines: z.int(),
  bytes: z.int(),
  groups: z.array(
    z.strictObject({
      step: z.int(),
      title: z.string(),
      fromLine: z.int(),
      fromByte: z.int(),
      exitCode: z.nullable(z.int()),
      durationMs: z.nullable(z.number()),
    }),
  ),
  sections: z.array(
    z.strictObject({ title: z.string(), fromLine: z.int(), toLine: z.nullable(z.int()), depth: z.int() }),
  ),
  /** Lines that are errors by their text. */
  errors: z.array(z.int()),
  gaps: z.array(z.strictObject({ line: z.int(), bytes: z.int(), cause: z.string(), fromAt: moment, toAt: moment })),
  digest: z.nullable(z.string()),
  ended: z.boolean(),
});
