import { json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { CommandObject } from '#core/rest.ts';
import { createdAt } from './columns.ts';
import { runs } from './runs.ts';

/** A command the workflow had not settled within 5 s (UI §9): its verdict is looked up by the update's id. */
export const commands = pgTable('commands', {
  id: uuid().primaryKey(),
  runId: uuid()
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' }),
  updateId: text().notNull(),
  state: text({ enum: ['pending', 'accepted', 'refused'] }).notNull(),
  problem: json().$type<NonNullable<CommandObject['problem']>>(),
  createdAt: createdAt(),
});
