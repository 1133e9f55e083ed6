import { json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { CommandObject } from '#core/rest.ts';
import { createdAt } from './columns.ts';
import { runs } from './runs.ts';

/** A command the workflow had not settled within 5 s (UI §9): its update is sent again until there is a verdict. */
export const commands = pgTable('commands', {
  id: uuid().primaryKey(),
  runId: uuid()
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' }),
  /** Of the run: filled in by a trigger (0007). */
  workspaceId: uuid().notNull(),
  updateId: text().notNull(),
  /** Name and arguments of the update, to send it again: the server forgets one that no worker has taken in. */
  updateName: text({ enum: ['decideGate', 'cancelRun', 'changeRun'] }).notNull(),
  updateArguments: json().$type<unknown[]>().notNull(),
  state: text({ enum: ['pending', 'accepted', 'refused'] }).notNull(),
  problem: json().$type<NonNullable<CommandObject['problem']>>(),
  createdAt: createdAt(),
});
