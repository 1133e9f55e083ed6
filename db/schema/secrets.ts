import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { organizations } from './organizations.ts';
import { workspaces } from './workspaces.ts';

/** A secret's name and place; its values are in `secret_versions`. */
export const secrets = pgTable('secrets', {
  id: uuid().primaryKey(),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  /** Null: of the organization. With neither environment nor pipeline: of the workspace. */
  workspaceId: uuid().references(() => workspaces.id, { onDelete: 'cascade' }),
  environmentId: uuid(),
  pipelineId: uuid(),
  name: text().notNull(),
  /** Of the value. */
  version: integer().notNull(),
  /** Counts every change: what `ETag` means. */
  revision: integer().notNull().default(1),
  disabledAt: moment(),
  /** After so many days it wants another value; null is no rule. */
  rotateDays: integer(),
  updatedBy: text().notNull(),
  updatedAt: moment()
    .notNull()
    .default(sql`now()`),
  createdAt: createdAt(),
});
