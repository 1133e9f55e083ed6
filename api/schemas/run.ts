import * as z from 'zod/mini';
import type { AttemptObject, GateObject, RunObject, StageObject } from '#core/rest.ts';
import { cacheUseSchema } from './cache.ts';
import { canSchema, moment, reasonSchema, restObject, statusSchema } from './status.ts';
import { totalsSchema } from './tests.ts';

const words = z.record(z.string(), z.string());

export const runSchema = z.strictObject({
  ...restObject,
  workspace: z.string(),
  pipeline: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    file: z.nullable(z.string()),
    repository: z.nullable(z.string()),
  }),
  number: z.int(),
  attempt: z.int(),
  label: z.string(),
  trigger: z.string(),
  startedBy: z.string(),
  branch: z.nullable(z.string()),
  commit: z.nullable(z.string()),
  priority: z.int(),
  pipelineVersion: z.nullable(z.int()),
  url: z.string(),
  git: z.nullable(
    z.strictObject({
      sha: z.string(),
      branch: z.nullable(z.string()),
      dirty: z.boolean(),
      subject: z.nullable(z.string()),
      author: z.nullable(z.string()),
    }),
  ),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  planDigest: z.string(),
  startedAt: z.nullable(moment),
  endedAt: z.nullable(moment),
  durationMs: z.nullable(z.number()),
  notices: z.array(z.string()),
  parent: z.exactOptional(z.strictObject({ run: z.uuid(), label: z.string(), stage: z.string() })),
  expiredAt: z.exactOptional(moment),
  gatesWaiting: z.array(z.string()),
  can: z.strictObject({
    cancel: canSchema,
    rerun: canSchema,
    pause: canSchema,
    resume: canSchema,
    change: canSchema,
    shell: canSchema,
  }),
}) satisfies z.ZodMiniType<RunObject>;

const attemptSchema = z.strictObject({
  attempt: z.int(),
  status: statusSchema,
  exitCode: z.nullable(z.int()),
  step: z.nullable(z.int()),
  reason: z.nullable(reasonSchema),
  startedAt: z.nullable(moment),
  endedAt: z.nullable(moment),
  runner: z.nullable(z.string()),
  image: z.nullable(z.string()),
  serviceImages: z.record(z.string(), z.string()),
  log: z.strictObject({ lines: z.int(), bytes: z.int(), ended: z.boolean() }),
  caches: z.array(cacheUseSchema),
  tests: z.nullable(totalsSchema),
  fault: z.nullable(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      cause: z.exactOptional(z.string()),
      fix: z.exactOptional(z.string()),
    }),
  ),
}) satisfies z.ZodMiniType<AttemptObject>;

export const stageSchema = z.strictObject({
  ...restObject,
  runId: z.uuid(),
  kind: z.enum(['stage', 'gate']),
  name: z.string(),
  stage: z.string(),
  leg: z.nullable(words),
  position: z.int(),
  needs: z.array(z.strictObject({ to: z.string(), on: z.string() })),
  executor: z.nullable(z.string()),
  attempts: z.array(attemptSchema),
  reason: z.nullable(reasonSchema),
  outputs: words,
  carriedFrom: z.nullable(z.string()),
  child: z.exactOptional(z.strictObject({ run: z.uuid(), label: z.string() })),
  extendedMs: z.int(),
}) satisfies z.ZodMiniType<StageObject>;

const approveRule = z.strictObject({ from: z.string(), min: z.int() });

const decisionSchema = z.strictObject({
  id: z.string(),
  verdict: z.enum(['approve', 'reject']),
  actor: z.strictObject({ id: z.string(), teams: z.array(z.string()), verified: z.boolean() }),
  comment: z.nullable(z.string()),
  fields: words,
  planDigest: z.string(),
  at: moment,
});

export const gateSchema = z.strictObject({
  ...restObject,
  runId: z.uuid(),
  name: z.string(),
  rules: z.array(approveRule),
  noSelf: z.boolean(),
  manual: z.boolean(),
  fields: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['string', 'number', 'boolean', 'enum']),
      match: z.nullable(z.string()),
      values: z.array(z.string()),
      required: z.boolean(),
      default: z.nullable(z.string()),
      description: z.nullable(z.string()),
    }),
  ),
  unmet: z.array(approveRule),
  decisions: z.array(decisionSchema),
  expiresAt: z.nullable(moment),
  planDigest: z.string(),
  can: z.strictObject({ approve: canSchema }),
}) satisfies z.ZodMiniType<GateObject>;
