import { index, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { Status } from '#core/run.ts';
import { counter, createdAt } from './columns.ts';
import { environments } from './environments.ts';
import { pipelines } from './pipelines.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** What `deploy` stages deliver. */
export const services = pgTable(
  'services',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    pipelineId: uuid().references(() => pipelines.id, { onDelete: 'set null' }),
    name: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.name)],
);

/** Where a deployer puts releases of an environment. */
export const targets = pgTable(
  'targets',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    environmentId: uuid()
      .notNull()
      .references(() => environments.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    deployer: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.name)],
);

/** The record of a rollout. */
export const deployments = pgTable(
  'deployments',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    serviceId: uuid()
      .notNull()
      .references(() => services.id, { onDelete: 'cascade' }),
    environmentId: uuid()
      .notNull()
      .references(() => environments.id, { onDelete: 'cascade' }),
    targetId: uuid()
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    runId: uuid().references(() => runs.id, { onDelete: 'set null' }),
    release: text().notNull(),
    status: json().$type<Status>().notNull(),
    seq: counter().notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId, table.id)],
);
