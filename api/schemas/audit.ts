import * as z from 'zod/mini';
import type { AuditChainObject, AuditEventObject, AuditVerification } from '#core/rest-audit.ts';

export const auditEventSchema = z.strictObject({
  id: z.uuid(),
  seq: z.int(),
  at: z.iso.datetime(),
  organization: z.string(),
  workspace: z.nullable(z.string()),
  actor: z.string(),
  action: z.string(),
  object: z.strictObject({ kind: z.string(), id: z.string(), name: z.string() }),
  verdict: z.enum(['done', 'refused']),
  code: z.nullable(z.string()),
  address: z.string(),
  requestId: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
}) satisfies z.ZodMiniType<AuditEventObject>;

const breakSchema = z.strictObject({
  seq: z.int(),
  id: z.nullable(z.uuid()),
  reason: z.enum(['altered', 'unchained', 'missing', 'added']),
  detail: z.string(),
});

export const auditVerificationSchema = z.strictObject({
  verdict: z.enum(['intact', 'broken']),
  rows: z.int(),
  verifiedAt: z.iso.datetime(),
  head: z.nullable(z.strictObject({ seq: z.int(), hash: z.string() })),
  broken: z.nullable(breakSchema),
}) satisfies z.ZodMiniType<AuditVerification>;

export const auditChainSchema = z.strictObject({
  verdict: z.enum(['intact', 'broken', 'unfinished']),
  verifiedUpTo: z.nullable(z.iso.datetime()),
  broken: z.nullable(breakSchema),
}) satisfies z.ZodMiniType<AuditChainObject>;
