import type { artifacts } from './schema/artifacts.ts';
import type { attempts } from './schema/attempts.ts';
import type { commands } from './schema/commands.ts';
import type { events } from './schema/events.ts';
import type { decisions, gates } from './schema/gates.ts';
import type { idempotencyKeys } from './schema/idempotency-keys.ts';
import type { outbox } from './schema/outbox.ts';
import type { runs } from './schema/runs.ts';
import type { stages } from './schema/stages.ts';

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
