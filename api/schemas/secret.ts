import * as z from 'zod/mini';
import { KINDS } from '#config/pipeline/names.ts';
import type {
  CreateSecretRequest,
  SecretAccessObject,
  SecretObject,
  SecretReceivers,
  SecretScope,
  SecretVersionObject,
} from '#core/rest-secrets.ts';
import { canSchema, moment } from './status.ts';

const scopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organization'), organization: z.string() }),
  z.strictObject({ kind: z.literal('workspace'), workspace: z.string() }),
  z.strictObject({ kind: z.literal('environment'), workspace: z.string(), environment: z.string() }),
  z.strictObject({ kind: z.literal('pipeline'), workspace: z.string(), pipeline: z.string() }),
]) satisfies z.ZodMiniType<SecretScope>;

export const secretSchema = z.strictObject({
  id: z.uuid(),
  topic: z.string(),
  seq: z.int(),
  createdAt: moment,
  updatedAt: moment,
  updatedBy: z.string(),
  name: z.string(),
  scope: scopeSchema,
  version: z.int(),
  setAt: moment,
  setBy: z.string(),
  rotateDays: z.nullable(z.int()),
  enabled: z.boolean(),
  lastUsed: z.nullable(z.strictObject({ at: moment, run: z.nullable(z.string()), stage: z.string() })),
  notices: z.exactOptional(z.array(z.string())),
  can: z.strictObject({ write: canSchema }),
}) satisfies z.ZodMiniType<SecretObject>;

export const secretVersionSchema = z.strictObject({
  version: z.int(),
  createdBy: z.string(),
  createdAt: moment,
  current: z.boolean(),
}) satisfies z.ZodMiniType<SecretVersionObject>;

export const secretAccessSchema = z.strictObject({
  id: z.uuid(),
  at: moment,
  name: z.string(),
  version: z.nullable(z.int()),
  run: z.nullable(z.string()),
  runId: z.nullable(z.uuid()),
  stage: z.string(),
  attempt: z.int(),
  actor: z.string(),
  verdict: z.enum(['released', 'refused']),
  code: z.nullable(z.string()),
}) satisfies z.ZodMiniType<SecretAccessObject>;

export const secretReceiversSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      workspace: z.string(),
      pipeline: z.string(),
      version: z.int(),
      stage: z.string(),
      environment: z.nullable(z.string()),
    }),
  ),
  pipelines: z.strictObject({ looked: z.int(), total: z.int() }),
}) satisfies z.ZodMiniType<SecretReceivers>;

/** As a pipeline may name it. */
export const secretName = z.string().check(z.regex(KINDS.secret.pattern, KINDS.secret.rule));

const MAX_BYTES = 64 * 1024;

export const secretValue = z.string().check(
  z.minLength(1, 'a secret has a value'),
  z.refine((text) => Buffer.byteLength(text) <= MAX_BYTES, `has more than ${MAX_BYTES} bytes`),
);

export const createSecretSchema = z.strictObject({
  name: secretName,
  value: secretValue,
  scope: z.exactOptional(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('organization') }),
      z.strictObject({ kind: z.literal('workspace') }),
      z.strictObject({ kind: z.literal('environment'), environment: z.string() }),
      z.strictObject({ kind: z.literal('pipeline'), pipeline: z.string() }),
    ]),
  ),
}) satisfies z.ZodMiniType<CreateSecretRequest>;
