import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { counter, createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** A content that a workspace has sent, and so may use by its digest. */
export const snapshotContents = pgTable(
  'snapshot_contents',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    digest: text().notNull(),
    bytes: counter().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.digest] })],
);

/** A tree that a workspace has sent whole. */
export const snapshots = pgTable(
  'snapshots',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    digest: text().notNull(),
    files: integer().notNull(),
    bytes: counter().notNull(),
    createdBy: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.digest] })],
);
