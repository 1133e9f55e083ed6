import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { counter, createdAt, moment } from './columns.ts';
import { repositories } from './repositories.ts';
import { workspaces } from './workspaces.ts';

/**
 * A pipeline: a local one is its file's absolute path, shown by the name its file gives it (ENGINE 13); one on the
 * server has its name, unique in its workspace, and its text in versions.
 */
export const pipelines = pgTable(
  'pipelines',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    origin: text({ enum: ['local', 'server', 'sample', 'remote'] }).notNull(),
    path: text().notNull(),
    name: text().notNull(),
    repositoryId: uuid().references(() => repositories.id, { onDelete: 'set null' }),
    /** What people call where its file comes from, and the main line there; null where nobody said it. */
    repository: text(),
    defaultBranch: text(),
    description: text().notNull().default(''),
    enabled: boolean().notNull().default(true),
    /** Of the text; 0 for local ones. */
    version: integer().notNull().default(0),
    /** Of the row: what `ETag` and `If-Match` mean. */
    revision: integer().notNull().default(1),
    updatedAt: createdAt(),
    /** Of its last change; null while it is as it was made. */
    updatedBy: text(),
    /** Its runs stay. */
    deletedAt: moment(),
    /** The transaction that changed the row last (0008_changes.sql). */
    changedIn: counter().notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId, table.id)],
);
