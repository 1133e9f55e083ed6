import * as z from 'zod/mini';
import type { NoteObject, TestOfRunObject, TestResultObject } from '#core/rest-tests.ts';
import { isId } from '#db/id.ts';
import {
  type ComparedTestRow,
  listNotes,
  listTestHistory,
  listTestResults,
  type TestFilter,
  type TestOfRunRow,
} from '#db/queries/test-results.ts';
import type { NoteRow } from '#db/rows.ts';
import { requireRun } from '../objects/load.ts';
import { readPage } from '../page.ts';
import { ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, pageQuery, wholePage } from '../schemas/page.ts';
import { noteSchema, outcomeSchema, testOfRunSchema, testResultSchema } from '../schemas/tests.ts';

/** Results of a test that people look back at (UI §4.4). */
const HISTORY = 20;

const access = { kind: 'object', object: 'run', param: 'run', action: 'run:read' } as const;
const tag = 'runs';

/** What the stages of a run reported: results of tests, and notes. */
export function runReportRoutes(): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/runs/:run/tests', name: 'listTests', tag, access },
      summary: 'Lists how the tests of a run came out.',
      query: z.strictObject({
        ...pageQuery,
        stage: z.optional(z.string()),
        outcome: z.optional(outcomeSchema),
      }),
      answers: { 200: pageOf(testResultSchema) },
      async handle({ request, params, query, data }) {
        const filter: TestFilter = { stage: query.stage ?? null, outcome: query.outcome ?? null };
        const page = await data(async (scoped) => {
          const run = await requireRun(scoped, params.run);
          return readPage(
            query,
            { run: run.id, ...filter },
            (from, limit) => listTestResults(scoped, run, filter, from, limit),
            toTestResult,
          );
        });
        return request.json(page);
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/tests/:test/history', name: 'listTestHistory', tag, access },
      summary: 'Lists the last results of a test in runs of the same pipeline, newest first.',
      answers: { 200: pageOf(testOfRunSchema) },
      async handle({ request, params, data }) {
        const rows = await data(async (scoped) => {
          const run = await requireRun(scoped, params.run);
          return isId(params.test) ? listTestHistory(scoped, run, params.test, HISTORY) : [];
        });
        if (rows.length === 0) throw new ProblemError(404, 'not-found', 'this run has no such test');
        return request.json(wholePage(rows.map(toTestOfRun)));
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/notes', name: 'listNotes', tag, access },
      summary: 'Lists the notes that stages of a run left, in Markdown.',
      answers: { 200: pageOf(noteSchema) },
      async handle({ request, params, data }) {
        const rows = await data((scoped) => listNotes(scoped, params.run));
        return request.json(wholePage(rows.map(toNote)));
      },
    }),
  ];
}

function toTestResult(row: ComparedTestRow): TestResultObject {
  const { id, stage, attempt, suite, name, outcome, durationMs, message, trace, file, line } = row;
  const { previousOutcome, previousDurationMs, wentBothWays } = row;
  return {
    ...{ id, stage, attempt, suite, name, outcome, durationMs, message, trace, file, line },
    flaky: wentBothWays,
    previous: previousOutcome === null ? null : { outcome: previousOutcome, durationMs: previousDurationMs },
  };
}

function toTestOfRun(row: TestOfRunRow): TestOfRunObject {
  const { id, runId, label, branch, commit, attempt, outcome, durationMs, createdAt } = row;
  return { id, runId, label, branch, commit, attempt, outcome, durationMs, at: createdAt };
}

function toNote({ id, stage, attempt, name, text }: NoteRow): NoteObject {
  return { id, stage, attempt, name, text };
}
