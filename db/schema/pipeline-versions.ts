import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { pipelines } from './pipelines.ts';
import { workspaces } from './workspaces.ts';

/** A text that a pipeline on the server has or had. */
export const pipelineVersions = pgTable(
  'pipeline_versions',
  {
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id, { onDelete: 'cascade' }),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    text: text().notNull(),
    /** SHA-256 of the text. */
    digest: text().notNull(),
    message: text().notNull(),
    createdBy: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.pipelineId, table.version] })],
);
