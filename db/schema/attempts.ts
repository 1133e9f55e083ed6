import { boolean, foreignKey, integer, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { AttemptResult } from '#core/attempt.ts';
import type { Status } from '#core/run.ts';
import type { TestTotals } from '#core/test-report.ts';
import { counter, createdAt, moment } from './columns.ts';
import { stages } from './stages.ts';

/** An attempt of a stage: ours, the one people count. */
export const attempts = pgTable(
  'attempts',
  {
    runId: uuid().notNull(),
    /** Of the run: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    /** Leg. */
    stage: text().notNull(),
    attempt: integer().notNull(),
    status: json().$type<Status>().notNull(),
    hostId: text(),
    /** Digest of the image it ran in; null where it had none. */
    image: text(),
    /** Digests of the images of its services, by name; null where it had none. */
    serviceImages: json().$type<Record<string, string>>(),
    /** The result that stands: the first one recorded. */
    result: json().$type<AttemptResult>(),
    startedAt: moment(),
    heartbeatAt: moment(),
    endedAt: moment(),
    logLines: counter().notNull().default(0),
    logBytes: counter().notNull().default(0),
    logEnded: boolean().notNull().default(false),
    /** Counts of its test reports; null without one. */
    tests: json().$type<TestTotals>(),
    orderKey: counter().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.stage, table.attempt] }),
    foreignKey({ columns: [table.runId, table.stage], foreignColumns: [stages.runId, stages.name] }).onDelete(
      'cascade',
    ),
  ],
);
