import * as z from 'zod/mini';
import type {
  InboxBroken,
  InboxDecision,
  InboxFault,
  InboxGate,
  InboxObject,
  InboxRun,
  InboxSoon,
  SearchHit,
} from '#core/rest-inbox.ts';
import { runSummarySchema } from './pipeline.ts';
import { gateSchema } from './run.ts';
import { canSchema, moment, statusSchema } from './status.ts';

const inboxRun = z.extend(runSummarySchema, {
  workspace: z.string(),
  pipeline: z.strictObject({ id: z.uuid(), name: z.string() }),
  url: z.string(),
  can: z.strictObject({ rerun: canSchema }),
}) satisfies z.ZodMiniType<InboxRun>;

const inboxGate = z.strictObject({
  gate: gateSchema,
  run: inboxRun,
  environment: z.nullable(z.string()),
}) satisfies z.ZodMiniType<InboxGate>;

const inboxBroken = z.extend(inboxRun, {
  first: z.strictObject({
    label: z.string(),
    url: z.string(),
    endedAt: moment,
    commit: z.nullable(z.string()),
  }),
}) satisfies z.ZodMiniType<InboxBroken>;

const inboxFault = z.strictObject({
  id: z.string(),
  label: z.string(),
  value: z.string(),
  remedy: z.nullable(z.string()),
  since: moment,
}) satisfies z.ZodMiniType<InboxFault>;

const inboxDecision = z.strictObject({
  gate: z.string(),
  verdict: z.enum(['approve', 'reject']),
  by: z.string(),
  at: moment,
  label: z.string(),
  url: z.string(),
  workspace: z.string(),
}) satisfies z.ZodMiniType<InboxDecision>;

const inboxSoon = z.strictObject({
  kind: z.enum(['token', 'secret']),
  id: z.uuid(),
  name: z.string(),
  expiresAt: moment,
  organization: z.nullable(z.string()),
  workspace: z.nullable(z.string()),
}) satisfies z.ZodMiniType<InboxSoon>;

export const inboxSchema = z.strictObject({
  waiting: z.array(inboxGate),
  faults: z.array(inboxFault),
  broken: z.array(inboxBroken),
  mine: z.array(inboxRun),
  soon: z.array(inboxSoon),
  decided: z.array(inboxDecision),
}) satisfies z.ZodMiniType<InboxObject>;

export const searchHitSchema = z.strictObject({
  kind: z.enum(['pipeline', 'run', 'environment', 'person', 'team']),
  id: z.uuid(),
  name: z.string(),
  workspace: z.string(),
  url: z.string(),
  status: z.nullable(statusSchema),
}) satisfies z.ZodMiniType<SearchHit>;
