import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { QuotaKind } from '#core/rest-workspaces.ts';
import { counter, createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** What a workspace may use of one thing; a kind without a row is not limited. */
export const quotas = pgTable(
  'quotas',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    kind: text().$type<QuotaKind>().notNull(),
    /** Null is no limit. */
    value: counter(),
    version: integer().notNull().default(1),
    updatedBy: text().notNull(),
    updatedAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.kind] })],
);
