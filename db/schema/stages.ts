import { index, integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ArtifactReference, Reason } from '#core/attempt.ts';
import { RUN_ON, type Edge } from '#core/plan.ts';
import type { Status } from '#core/run.ts';
import { counter, createdAt } from './columns.ts';
import { ending, statusKind } from './enums.ts';
import { runs } from './runs.ts';

/** A node of a run's graph: a stage, a leg of one, or a gate. Written when the run is accepted, with all its nodes. */
export const stages = pgTable(
  'stages',
  {
    id: uuid().primaryKey(),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    kind: text({ enum: ['stage', 'gate'] }).notNull(),
    name: text().notNull(),
    /** Name without the leg. */
    stage: text().notNull(),
    leg: json().$type<Record<string, string>>(),
    position: integer().notNull(),
    needs: json().$type<Edge[]>().notNull(),
    runOn: text({ enum: RUN_ON }).notNull(),
    executor: text(),
    status: json().$type<Status>().notNull(),
    statusKind: statusKind().notNull(),
    ending: ending(),
    reason: json().$type<Reason>(),
    outputs: json().$type<Record<string, string>>().notNull(),
    artifacts: json().$type<ArtifactReference[]>().notNull(),
    attemptCount: integer().notNull().default(0),
    carriedFrom: text(),
    /** Time given beyond its own limit. */
    extendedMs: counter().notNull().default(0),
    /** Order of the last write: see db/order.ts. */
    orderKey: counter().notNull().default(0),
    seq: counter().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.runId, table.name), index().on(table.runId, table.seq)],
);
