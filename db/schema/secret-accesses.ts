import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { organizations } from './organizations.ts';
import { runs } from './runs.ts';
import { secrets } from './secrets.ts';
import { workspaces } from './workspaces.ts';

/** One for each secret that a stage asked for: who was given a value, and who was refused. */
export const secretAccesses = pgTable('secret_accesses', {
  id: uuid().primaryKey(),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  workspaceId: uuid().references(() => workspaces.id, { onDelete: 'cascade' }),
  /** Null for a name that is no secret, and after the secret was deleted. */
  secretId: uuid().references(() => secrets.id, { onDelete: 'set null' }),
  name: text().notNull(),
  version: integer(),
  runId: uuid().references(() => runs.id, { onDelete: 'set null' }),
  stage: text(),
  attempt: integer(),
  actor: text().notNull(),
  verdict: text({ enum: ['released', 'refused'] }).notNull(),
  /** Of a refusal. */
  code: text(),
  at: moment()
    .notNull()
    .default(sql`now()`),
});
