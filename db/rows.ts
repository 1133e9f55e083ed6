import type { apiTokens } from './schema/api-tokens.ts';
import type { artifacts } from './schema/artifacts.ts';
import type { attempts } from './schema/attempts.ts';
import type { auditEvents } from './schema/audit-events.ts';
import type { cliSessions } from './schema/cli-sessions.ts';
import type { commands } from './schema/commands.ts';
import type { dataKeys } from './schema/data-keys.ts';
import type { deviceGrants } from './schema/device-grants.ts';
import type { environments } from './schema/environments.ts';
import type { events } from './schema/events.ts';
import type { findings } from './schema/findings.ts';
import type { decisions, gates } from './schema/gates.ts';
import type { idempotencyKeys } from './schema/idempotency-keys.ts';
import type { notes } from './schema/notes.ts';
import type { outbox } from './schema/outbox.ts';
import type { pipelineVersions } from './schema/pipeline-versions.ts';
import type { pipelines } from './schema/pipelines.ts';
import type { runs } from './schema/runs.ts';
import type { secretAccesses } from './schema/secret-accesses.ts';
import type { secretVersions } from './schema/secret-versions.ts';
import type { secrets } from './schema/secrets.ts';
import type { sessions } from './schema/sessions.ts';
import type { stages } from './schema/stages.ts';
import type { testResults } from './schema/test-results.ts';
import type { users } from './schema/users.ts';
import type { webhookDeliveries, webhooks } from './schema/webhooks.ts';

/**
 * Rows as queries answer them. The schema is their source, by type alone: at run time nothing of it is loaded, because
 * the query builder costs half a second of every start, and a command starts the engine (docs/adr/0003).
 */
export type RunRow = typeof runs.$inferSelect;
export type StageRow = typeof stages.$inferSelect;
export type AttemptRow = typeof attempts.$inferSelect;
export type GateRow = typeof gates.$inferSelect;
export type DecisionRow = typeof decisions.$inferSelect;
export type ArtifactRow = typeof artifacts.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type OutboxRow = typeof outbox.$inferSelect;
export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;
export type CommandRow = typeof commands.$inferSelect;
export type EnvironmentRow = typeof environments.$inferSelect;
export type TestResultRow = typeof testResults.$inferSelect;
export type NoteRow = typeof notes.$inferSelect;
export type WebhookRow = typeof webhooks.$inferSelect;
export type DeliveryRow = typeof webhookDeliveries.$inferSelect;
export type PipelineRow = typeof pipelines.$inferSelect;
export type PipelineVersionRow = typeof pipelineVersions.$inferSelect;
export type DataKeyRow = typeof dataKeys.$inferSelect;
export type SecretRow = typeof secrets.$inferSelect;
export type SecretVersionRow = typeof secretVersions.$inferSelect;
export type SecretAccessRow = typeof secretAccesses.$inferSelect;
export type AuditRow = typeof auditEvents.$inferSelect;
export type UserRow = typeof users.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type CliSessionRow = typeof cliSessions.$inferSelect;
export type DeviceGrantRow = typeof deviceGrants.$inferSelect;
export type ApiTokenRow = typeof apiTokens.$inferSelect;
export type FindingRow = typeof findings.$inferSelect;
