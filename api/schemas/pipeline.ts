import * as z from 'zod/mini';
import { triggerSchema as declaredTriggerSchema } from '#config/pipeline/trigger-schema.ts';
import type { Diagnostic, Span } from '#core/diagnostic.ts';
import { ENDINGS } from '#core/ending.ts';
import { PARAM_TYPES, type ParamDeclaration } from '#core/param.ts';
import { EDGE_KINDS, RUN_ON } from '#core/plan.ts';
import type {
  ChangePipelineRequest,
  CreatePipelineRequest,
  PipelineBranch,
  PipelineGraph,
  PipelineObject,
  PipelineStatistics,
  PipelineVersionObject,
  PipelineVersionWithText,
  PipelineWithText,
  ReplaceTextRequest,
  RunMark,
  RunSummary,
  SampleObject,
  TriggerRequest,
  ValidationObject,
} from '#core/rest-pipelines.ts';
import { STATUS_KINDS } from '#core/run.ts';
import type { DeclaredTrigger } from '#core/trigger.ts';
import { planSummarySchema } from './run-parts.ts';
import { canSchema, moment, statusSchema } from './status.ts';

export const runSummarySchema = z.strictObject({
  id: z.uuid(),
  label: z.string(),
  number: z.int(),
  attempt: z.int(),
  status: statusSchema,
  branch: z.nullable(z.string()),
  subject: z.nullable(z.string()),
  trigger: z.string(),
  startedBy: z.string(),
  createdAt: moment,
  endedAt: z.nullable(moment),
  durationMs: z.nullable(z.number()),
}) satisfies z.ZodMiniType<RunSummary>;

const runMarkSchema = z.strictObject({
  number: z.int(),
  attempt: z.int(),
  state: z.enum([...ENDINGS, ...STATUS_KINDS.filter((kind) => kind !== 'ended')]),
  durationMs: z.nullable(z.number()),
  createdAt: moment,
}) satisfies z.ZodMiniType<RunMark>;

export const pipelineSchema = z.strictObject({
  id: z.uuid(),
  topic: z.string(),
  seq: z.int(),
  createdAt: moment,
  updatedAt: moment,
  updatedBy: z.nullable(z.string()),
  workspace: z.string(),
  name: z.string(),
  origin: z.enum(['local', 'server', 'sample', 'remote']),
  description: z.string(),
  enabled: z.boolean(),
  version: z.int(),
  file: z.nullable(z.string()),
  repository: z.nullable(z.string()),
  defaultBranch: z.nullable(z.string()),
  lastRun: z.nullable(runSummarySchema),
  defaultRun: z.nullable(runSummarySchema),
  recentRuns: z.array(runMarkSchema),
  invalid: z.exactOptional(z.strictObject({ errors: z.int() })),
  can: z.strictObject({ trigger: canSchema, write: canSchema }),
}) satisfies z.ZodMiniType<PipelineObject>;

export const pipelineWithTextSchema = z.extend(pipelineSchema, {
  text: z.nullable(z.string()),
  position: z.int(),
}) satisfies z.ZodMiniType<PipelineWithText>;

export const sampleSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  text: z.string(),
}) satisfies z.ZodMiniType<SampleObject>;

export const versionSchema = z.strictObject({
  version: z.int(),
  digest: z.string(),
  message: z.string(),
  createdBy: z.string(),
  createdAt: moment,
}) satisfies z.ZodMiniType<PipelineVersionObject>;

export const versionWithTextSchema = z.extend(versionSchema, {
  text: z.string(),
}) satisfies z.ZodMiniType<PipelineVersionWithText>;

const place = z.strictObject({ line: z.int(), column: z.int(), offset: z.int() });
const spanSchema = z.strictObject({ start: place, end: place }) satisfies z.ZodMiniType<Span>;

const diagnosticSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  message: z.string(),
  label: z.exactOptional(z.string()),
  span: spanSchema,
  hint: z.exactOptional(z.string()),
  related: z.array(z.strictObject({ file: z.string(), span: spanSchema, message: z.string() })),
}) satisfies z.ZodMiniType<Diagnostic>;

const graph = {
  nodes: z.array(
    z.strictObject({
      kind: z.enum(['stage', 'gate']),
      name: z.string(),
      stage: z.string(),
      leg: z.nullable(z.record(z.string(), z.string())),
      runOn: z.enum(RUN_ON),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), on: z.enum(EDGE_KINDS) })),
  params: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(PARAM_TYPES),
      default: z.nullable(z.union([z.string(), z.array(z.string())])),
      match: z.nullable(z.string()),
      values: z.array(z.string()),
      required: z.boolean(),
      description: z.nullable(z.string()),
    }) satisfies z.ZodMiniType<ParamDeclaration>,
  ),
  triggers: z.array(
    z.strictObject({ trigger: declaredTriggerSchema, line: z.int() }) satisfies z.ZodMiniType<DeclaredTrigger>,
  ),
};

export const pipelineStatisticsSchema = z.strictObject({
  runs: z.int(),
  stages: z.array(z.strictObject({ name: z.string(), passed: z.int(), p50Ms: z.number() })),
  flaky: z.array(z.strictObject({ name: z.string(), times: z.int() })),
}) satisfies z.ZodMiniType<PipelineStatistics>;

export const pipelineBranchSchema = z.strictObject({
  name: z.string(),
  run: runSummarySchema,
}) satisfies z.ZodMiniType<PipelineBranch>;

export const pipelineGraphSchema = z.strictObject({
  version: z.int(),
  ...graph,
}) satisfies z.ZodMiniType<PipelineGraph>;

export const validationSchema = z.strictObject({
  valid: z.boolean(),
  diagnostics: z.array(diagnosticSchema),
  plan: z.nullable(planSummarySchema),
  graph: z.nullable(z.strictObject(graph)),
}) satisfies z.ZodMiniType<ValidationObject>;

/** One line: it stands in lists, labels and headers. */
export const line = (max: number) =>
  z.string().check(
    z.maxLength(max),
    z.refine((text) => !/\p{Cc}/u.test(text), 'has a line break or another control character'),
  );

/** As in a file, without a slash: it stands in addresses; and nothing that looks like an id. */
const pipelineName = z.string().check(
  z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, 'letters, digits, - _ and ., at most 100, not beginning with - or .'),
  z.refine((name) => !/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(name), 'looks like an id'),
);

const message = z.exactOptional(line(500));

export const createPipelineSchema = z.strictObject({
  name: pipelineName,
  text: z.string(),
  description: z.exactOptional(line(1_000)),
  message,
}) satisfies z.ZodMiniType<CreatePipelineRequest>;

export const changePipelineSchema = z.strictObject({
  description: z.exactOptional(line(1_000)),
  enabled: z.exactOptional(z.boolean()),
}) satisfies z.ZodMiniType<ChangePipelineRequest>;

export const replaceTextSchema = z.strictObject({
  text: z.string(),
  message,
}) satisfies z.ZodMiniType<ReplaceTextRequest>;

/** As git takes them (git-check-ref-format), no more than one line. */
const branchName = z.string().check(
  z.minLength(1),
  z.maxLength(255),
  z.refine((name) => !/\p{Cc}|^[-/]|[\s~^:?*[\\]|\.\.|[/.]$/u.test(name), 'is no name of a branch'),
);

export const triggerSchema = z.strictObject({
  branch: z.exactOptional(branchName),
  commit: z.exactOptional(z.string().check(z.regex(/^[0-9a-f]{7,64}$/, '7 to 64 hexadecimal digits'))),
  params: z.exactOptional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  priority: z.exactOptional(z.int().check(z.gte(1), z.lte(5))),
  stages: z.exactOptional(z.array(z.string()).check(z.maxLength(500))),
  maxParallel: z.exactOptional(z.int().check(z.gte(1), z.lte(1_000))),
}) satisfies z.ZodMiniType<TriggerRequest>;
