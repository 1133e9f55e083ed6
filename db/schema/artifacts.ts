import { boolean, integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ArtifactReference } from '#core/attempt.ts';
import { counter, createdAt, moment } from './columns.ts';
import { runs } from './runs.ts';

/** A finished artifact; its bytes are in the store under `reference`. */
export const artifacts = pgTable(
  'artifacts',
  {
    id: uuid().primaryKey(),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    stage: text().notNull(),
    attempt: integer().notNull(),
    name: text().notNull(),
    files: integer().notNull(),
    bytes: counter().notNull(),
    reference: json().$type<ArtifactReference>().notNull(),
    expiresAt: moment(),
    /** When it was given up: past `expiresAt`, or with all that its run left. */
    removedAt: moment(),
    /** Whether its bytes are gone, too. */
    isSwept: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.runId, table.stage, table.attempt, table.name)],
);
