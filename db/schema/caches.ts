import { index, integer, json, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { CacheReference } from '#core/cache.ts';
import { counter, createdAt, moment } from './columns.ts';
import { pipelines } from './pipelines.ts';
import { runs } from './runs.ts';
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
    /** Of the cache in the file. */
    name: text().notNull().default(''),
    /** Of its paths: under other paths the same key is another entry. */
    version: text().notNull().default(''),
    /** `branch:main`, `tag:v1`, `none`. */
    scope: text().notNull(),
    key: text().notNull(),
    files: counter().notNull().default(0),
    bytes: counter().notNull(),
    reference: json().$type<CacheReference>().notNull(),
    /** How long the attempt took that saved it. */
    madeMs: counter().notNull().default(0),
    /** That saved it; null once the run is gone. */
    runId: uuid().references(() => runs.id, { onDelete: 'set null' }),
    stage: text().notNull().default(''),
    hits: counter().notNull().default(0),
    lastHitAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [
    unique('caches_identity').on(table.pipelineId, table.name, table.version, table.scope, table.key),
    index('caches_by_run').on(table.runId),
  ],
);

/** How often a cache of a pipeline was found and not found, by day (UTC). */
export const cacheDays = pgTable(
  'cache_days',
  {
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id, { onDelete: 'cascade' }),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    day: moment().notNull(),
    hits: integer().notNull().default(0),
    misses: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.pipelineId, table.name, table.day] })],
);
