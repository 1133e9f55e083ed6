import * as z from 'zod/mini';
import type { CacheRule } from '#core/cache.ts';
import { type ConcurrencyRule, WHEN_BUSY } from '#core/concurrency.ts';
import type { GateRules } from '#core/gate.ts';
import { EDGE_KINDS, EXECUTORS, type LateMatrix, type Plan, type PlanSource, RETRY_ON, RUN_ON } from '#core/plan.ts';
import type { ServicePlan } from '#core/service.ts';
import type { Text } from '#core/text.ts';
import { triggerSchema } from './trigger-schema.ts';

const words = z.record(z.string(), z.string());
const milliseconds = z.int().check(z.nonnegative());
const strings = z.array(z.string());

const text = z.union([
  z.string(),
  z.strictObject({
    parts: z.array(z.union([z.string(), z.strictObject({ ref: z.string(), fallback: z.exactOptional(z.string()) })])),
  }),
]) satisfies z.ZodMiniType<Text>;

const value = z.union([z.string(), z.number(), z.boolean(), strings]);

const condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('decided'), value: z.boolean(), expression: z.string(), values: words }),
  z.strictObject({
    ...{ kind: z.literal('late'), expression: z.string(), reads: strings },
    facts: z.record(z.string(), z.nullable(value)),
  }),
]);

const gate = z.strictObject({
  approve: z.array(z.strictObject({ from: z.string(), min: z.int() })),
  noSelf: z.boolean(),
  fields: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['string', 'number', 'boolean', 'enum']),
      match: z.nullable(z.string()),
      values: strings,
      required: z.boolean(),
      default: z.nullable(z.string()),
      description: z.nullable(z.string()),
    }),
  ),
  expiresMs: z.nullable(milliseconds),
  onExpire: z.enum(['reject', 'approve']),
  remindMs: z.nullable(milliseconds),
  window: z.nullable(z.strictObject({ cron: z.string(), timezone: z.string() })),
  manual: z.boolean(),
}) satisfies z.ZodMiniType<GateRules>;

/** The place of a node in the graph. */
const place = {
  name: z.string(),
  needs: z.array(z.strictObject({ to: z.string(), on: z.enum(EDGE_KINDS) })),
  runOn: z.enum(RUN_ON),
  ifAllSkipped: z.enum(['skip', 'run']),
  when: z.nullable(condition),
  reads: strings,
  generatedBy: z.exactOptional(z.string()),
};

const secret = z.strictObject({ name: z.string(), as: z.string(), file: z.exactOptional(z.string()) });
const image = z.strictObject({ ref: text, pull: z.enum(['missing', 'always', 'never']) });

const ready = z.discriminatedUnion('kind', [
  z.strictObject({ timeoutMs: milliseconds, kind: z.literal('tcp'), port: z.int() }),
  z.strictObject({ timeoutMs: milliseconds, kind: z.literal('http'), port: z.int(), path: z.string() }),
  z.strictObject({ timeoutMs: milliseconds, kind: z.literal('exec'), command: strings }),
  z.strictObject({ timeoutMs: milliseconds, kind: z.literal('log'), pattern: z.string() }),
  z.strictObject({ timeoutMs: milliseconds, kind: z.literal('image') }),
]);

const service = z.strictObject({
  name: z.string(),
  image,
  env: z.record(z.string(), text),
  secrets: z.array(secret),
  command: z.nullable(z.array(text)),
  ready,
}) satisfies z.ZodMiniType<ServicePlan>;

const cache = z.strictObject({
  name: z.string(),
  paths: strings,
  key: text,
  restore: z.array(text),
  save: z.enum(['success', 'always']),
  line: z.int(),
}) satisfies z.ZodMiniType<CacheRule>;

const concurrency = z.strictObject({
  group: z.string(),
  limit: z.int(),
  whenBusy: z.enum(WHEN_BUSY),
}) satisfies z.ZodMiniType<ConcurrencyRule>;

const lateMatrix = z.strictObject({
  axes: z.array(
    z.union([
      z.strictObject({ name: z.string(), values: strings }),
      z.strictObject({ name: z.string(), from: z.string() }),
    ]),
  ),
  exclude: z.array(words),
  include: z.array(words),
}) satisfies z.ZodMiniType<LateMatrix>;

/** What a run with a generator keeps of its file. */
const source = z.strictObject({
  text: z.string(),
  trigger: z.string(),
  pr: z.nullable(
    z.strictObject({
      ...{ number: z.int(), title: z.string(), author: z.string() },
      ...{ head: z.string(), base: z.string(), fork: z.boolean() },
    }),
  ),
  params: words,
  executor: z.nullable(z.enum(['docker', 'process'])),
  stages: strings,
  imports: words,
  generated: z.array(z.strictObject({ by: z.string(), text: z.string() })),
}) satisfies z.ZodMiniType<PlanSource>;

const stage = z.strictObject({
  kind: z.literal('stage'),
  ...place,
  stage: z.string(),
  leg: z.nullable(words),
  index: z.int(),
  executor: z.enum(EXECUTORS),
  image: z.nullable(image),
  shell: strings,
  steps: z.array(
    z.strictObject({ script: z.string(), title: z.string(), line: z.int(), file: z.exactOptional(z.string()) }),
  ),
  env: z.record(z.string(), text),
  secrets: z.array(secret),
  workdir: z.nullable(text),
  user: z.nullable(z.string()),
  resources: z.strictObject({
    cpu: z.nullable(z.number()),
    memory: z.nullable(z.int()),
    pids: z.nullable(z.int()),
    disk: z.nullable(z.int()),
  }),
  timeoutMs: z.nullable(milliseconds),
  graceMs: milliseconds,
  retry: z.array(
    z.strictObject({
      on: z.enum(RETRY_ON),
      limit: z.int(),
      exit: z.array(z.int()),
      logMatch: z.nullable(z.string()),
      backoffMs: milliseconds,
      factor: z.number(),
      maxMs: z.nullable(milliseconds),
    }),
  ),
  allowFailure: z.nullable(z.union([z.literal('any'), z.array(z.int())])),
  artifacts: z.array(
    z.strictObject({
      name: z.string(),
      paths: strings,
      on: z.enum(['success', 'failure', 'always']),
      expireMs: z.nullable(milliseconds),
      optional: z.boolean(),
    }),
  ),
  artifactsFrom: strings,
  gate: z.nullable(gate),
  concurrency: z.exactOptional(concurrency),
  environment: z.exactOptional(z.string()),
  child: z.exactOptional(z.strictObject({ name: z.string(), params: z.record(z.string(), text) })),
  generates: z.exactOptional(z.literal(true)),
  lateMatrix: z.exactOptional(lateMatrix),
  reports: z.exactOptional(z.array(z.strictObject({ kind: z.literal('junit'), paths: strings }))),
  notes: z.exactOptional(strings),
  caches: z.exactOptional(z.array(cache)),
  services: z.exactOptional(z.array(service)),
  runsOn: z.exactOptional(strings),
  platform: z.exactOptional(z.string()),
  noOutputTimeoutMs: z.exactOptional(milliseconds),
});

/**
 * The form of a plan (core/plan.ts), from which docs/plan.schema.json is made. Every field
 * is named: one that is missing here fails the type, one too many the golden plans.
 */
export const planSchema = z.strictObject({
  version: z.literal(1),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  pipeline: z.strictObject({
    name: z.string(),
    description: z.exactOptional(z.string()),
    timeoutMs: z.exactOptional(milliseconds),
  }),
  file: z.string(),
  params: z.record(z.string(), value),
  git: z.nullable(
    z.strictObject({
      ...{ sha: z.string(), shortSha: z.string(), branch: z.nullable(z.string()), tag: z.nullable(z.string()) },
      ...{ ref: z.nullable(z.string()), message: z.string(), author: z.string(), base: z.nullable(z.string()) },
      dirty: z.boolean(),
    }),
  ),
  nodes: z.array(z.discriminatedUnion('kind', [stage, z.strictObject({ kind: z.literal('gate'), ...place, gate })])),
  groups: z.record(
    z.string(),
    z.strictObject({ legs: strings, failFast: z.boolean(), maxParallel: z.nullable(z.int()) }),
  ),
  secrets: strings,
  notices: strings,
  cacheScopes: z.exactOptional(z.strictObject({ read: strings, write: z.nullable(z.string()) })),
  source: z.exactOptional(source),
  concurrency: z.exactOptional(concurrency),
  triggers: z.exactOptional(z.array(triggerSchema)),
  imports: z.exactOptional(words),
}) satisfies z.ZodMiniType<Plan>;
