import { sql } from 'drizzle-orm';
import { boolean, index, integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ObjectReference } from '#core/attempt.ts';
import type { CommitWords } from '#core/commit.ts';
import type { PlanValue } from '#core/plan.ts';
import type { RunObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import type { DebugOptions } from '#core/shell.ts';
import { counter, createdAt, moment } from './columns.ts';
import { ending, statusKind } from './enums.ts';
import { pipelines } from './pipelines.ts';
import { workspaces } from './workspaces.ts';

/** What the stages start from: the snapshot in the store, or the folder itself (`--in-place`). */
export type SourceRow =
  | { kind: 'copy'; snapshot: { digest: string; files: number; bytes: number } }
  | { kind: 'in-place'; folder: string };

/** Runs from before these were kept have neither subject nor author. */
type RunGit = Omit<NonNullable<RunObject['git']>, keyof CommitWords> & Partial<CommitWords>;

/**
 * A run. Free texts of others are `json`, which keeps any character, never `jsonb`, which refuses NUL. `seq` counts the
 * changes of the run and all that belongs to it; every writer takes it first and so holds the run's row: one order of
 * locks, one order of changes.
 */
export const runs = pgTable(
  'runs',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id),
    scope: text().notNull(),
    number: counter().notNull(),
    attempt: integer().notNull(),
    label: text().notNull(),
    trigger: text().notNull(),
    startedBy: text().notNull(),
    /** As the caller gave them; null for local runs, whose `git` says it. */
    branch: text(),
    commit: text(),
    /** Version of the pipeline's text; null for local runs. */
    pipelineVersion: integer(),
    /** 1 first, 5 last. */
    priority: integer().notNull().default(3),
    git: json().$type<RunGit>(),
    params: json().$type<Record<string, PlanValue>>().notNull(),
    notices: json().$type<string[]>().notNull(),
    plan: json().$type<ObjectReference>().notNull(),
    planDigest: text().notNull(),
    maxParallel: integer(),
    /** Path of the file as the plan names it. */
    file: text().notNull(),
    source: json().$type<SourceRow>().notNull(),
    environment: json().$type<Record<string, string>>().notNull(),
    envFile: json().$type<Record<string, string>>().notNull(),
    dockerEndpoint: text(),
    /** Where the run stands still to be looked into; null for most. */
    debug: json().$type<DebugOptions>(),
    /** Absolute path of `--secret-file`; values are never here (ENGINE 15). */
    secretFile: text(),
    rerunOf: uuid(),
    /** The run and stage that started it. */
    parentRun: uuid(),
    parentStage: text(),
    status: json().$type<Status>().notNull(),
    statusKind: statusKind().notNull(),
    ending: ending(),
    /** The status, or how it ended: for lists (0004_pipelines.sql). */
    state: text()
      .notNull()
      .generatedAlwaysAs(sql`status_kind, ending`),
    cancelRequested: boolean().notNull().default(false),
    /** Temporal's run id of the execution that holds this row (ENGINE 14). */
    workflowRunId: text(),
    /** Of the newest transition written: see core/run.ts, RecordBatch. */
    version: counter().notNull().default(0),
    seq: counter().notNull().default(0),
    /** `seq` at the last change of this very row. */
    rowSeq: counter().notNull().default(0),
    /** The transaction that changed the row last (0008_changes.sql). */
    changedIn: counter().notNull().default(0),
    createdAt: createdAt(),
    /** When the first stage started. */
    startedAt: moment(),
    endedAt: moment(),
    /** When its logs, artifacts and source were given up; its rows stay. */
    expiredAt: moment(),
    /** Whether their bytes are gone, too. */
    isSwept: boolean().notNull().default(false),
  },
  (table) => [
    unique().on(table.scope, table.number, table.attempt),
    index().on(table.workspaceId, table.id),
    index().on(table.pipelineId, table.id),
    index().on(table.statusKind),
    index().on(table.workspaceId, table.changedIn),
  ],
);
