import { json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ObjectReference } from '#core/attempt.ts';
import { counter, createdAt, moment } from './columns.ts';
import { pipelines } from './pipelines.ts';
import { workspaces } from './workspaces.ts';

/** A cache that stages of a pipeline left; its bytes are in the store. */
export const caches = pgTable(
  'caches',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id, { onDelete: 'cascade' }),
    scope: text().notNull(),
    key: text().notNull(),
    bytes: counter().notNull(),
    reference: json().$type<ObjectReference>().notNull(),
    lastHitAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.pipelineId, table.scope, table.key)],
);
