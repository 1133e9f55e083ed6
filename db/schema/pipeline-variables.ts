import { integer, json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { pipelines } from './pipelines.ts';
import { workspaces } from './workspaces.ts';

/** Variables of the environment of a pipeline's runs, by name: the lowest layer. No row: none were ever set. */
export const pipelineVariables = pgTable('pipeline_variables', {
  pipelineId: uuid()
    .primaryKey()
    .references(() => pipelines.id, { onDelete: 'cascade' }),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  /** Counts the changes: what `ETag` and `If-Match` mean. */
  version: integer().notNull().default(1),
  variables: json().$type<Record<string, string>>().notNull(),
  updatedBy: text().notNull(),
  updatedAt: createdAt(),
});
