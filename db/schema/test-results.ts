import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { TEST_OUTCOMES } from '#core/test-report.ts';
import { createdAt } from './columns.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** How one test of a stage's report came out. */
export const testResults = pgTable(
  'test_results',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    stage: text().notNull(),
    attempt: integer().notNull(),
    suite: text().notNull(),
    name: text().notNull(),
    outcome: text({ enum: TEST_OUTCOMES }).notNull(),
    durationMs: integer(),
    message: text(),
    trace: text(),
    file: text(),
    line: integer(),
    flaky: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [index('test_results_by_attempt').on(table.runId, table.stage, table.attempt)],
);
