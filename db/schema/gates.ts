import { json, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ApproveRule, Decision, GateRules } from '#core/gate.ts';
import type { Status } from '#core/run.ts';
import { counter, createdAt, moment } from './columns.ts';
import { statusKind } from './enums.ts';
import { runs } from './runs.ts';

/** A gate: a node of its own, or the one before a stage, whose name it then has. */
export const gates = pgTable(
  'gates',
  {
    id: uuid().primaryKey(),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    name: text().notNull(),
    rules: json().$type<GateRules>().notNull(),
    status: json().$type<Status>().notNull(),
    statusKind: statusKind().notNull(),
    unmet: json().$type<ApproveRule[]>().notNull(),
    openedAt: moment(),
    expiresAt: moment(),
    orderKey: counter().notNull().default(0),
    seq: counter().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.runId, table.name)],
);

/** A decision that the workflow has taken in; its id is the request's key. */
export const decisions = pgTable(
  'decisions',
  {
    gateId: uuid()
      .notNull()
      .references(() => gates.id, { onDelete: 'cascade' }),
    /** Of the gate: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    id: text().notNull(),
    decision: json().$type<Decision>().notNull(),
    at: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.gateId, table.id] })],
);
