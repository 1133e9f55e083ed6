import { Hono } from 'hono';
import * as z from 'zod/mini';
import { ENDINGS } from '#core/ending.ts';
import type { RunObject } from '#core/rest.ts';
import { listRuns } from '#db/queries/list-runs.ts';
import { compileRequest, startRun } from '../accept/start-run.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { answerJson, once, type Answer } from '../idempotency.ts';
import { loadRunObject, loadRunObjects, requireRun } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, pickFields, readCursor, toPage } from '../page.ts';
import { ProblemError } from '../problem.ts';
import { readBody, readQuery } from '../request-body.ts';
import { rerun } from '../rerun/rerun.ts';
import { rerunSchema, startRunSchema } from './start-request.ts';

const STATUS_KINDS = ['waiting', 'queued', 'running', 'cancelling', 'paused', 'ended'] as const;

const listSchema = z.strictObject({
  workspace: z.optional(z.string()),
  pipeline: z.optional(z.string()),
  status: z.optional(z.enum(STATUS_KINDS)),
  ending: z.optional(z.enum(ENDINGS)),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(MAX_LIMIT))),
  cursor: z.optional(z.string()),
  fields: z.optional(z.string()),
});

/** Acceptance of runs, their list, a run, and running one again. */
export function runRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const { database } = context;

  app.post('/runs', async (request) => {
    if (!request.get('isLocal')) {
      throw new ProblemError(403, 'socket-only', 'runs of local files are accepted on the local socket alone');
    }
    const { dryRun } = readQuery(request, z.strictObject({ dryRun: z.optional(z.enum(['true', 'false'])) }));
    const body = await readBody(request, startRunSchema);
    if (dryRun === 'true') return request.json(describePlan(await compileRequest(context, body)));
    return once(context, request, body, async (keep) => {
      const caller = request.get('caller');
      return answerRun(await startRun(context, body, caller, (sql, object) => keep(sql, answerRun(object))));
    });
  });

  app.get('/runs', async (request) => {
    const { limit = DEFAULT_LIMIT, cursor: text, fields, ...query } = readQuery(request, listSchema);
    const filter = {
      workspace: query.workspace ?? null,
      pipeline: query.pipeline ?? null,
      status: query.status ?? null,
      ending: query.ending ?? null,
    };
    const cursor = readCursor(text, filter);
    const page = toPage(await listRuns(database, filter, cursor, limit), limit, cursor, filter, (row) => row);
    const items = await loadRunObjects(database, page.items);
    return request.json({ ...page, items: pickFields(items, fields) });
  });

  app.get('/runs/:run', async (request) => {
    return request.json(await loadRunObject(database, await requireRun(database, request.req.param('run'))));
  });

  app.post('/runs/:run/rerun', async (request) => {
    if (!request.get('isLocal')) {
      throw new ProblemError(403, 'socket-only', 'local runs are repeated on the local socket alone');
    }
    const body = await readBody(request, rerunSchema);
    return once(context, request, body, async (keep) => {
      const run = await requireRun(database, request.req.param('run'));
      const caller = request.get('caller');
      return answerRun(await rerun(context, run, body, caller, (sql, object) => keep(sql, answerRun(object))));
    });
  });

  return app;
}

function answerRun(object: RunObject): Answer {
  return answerJson(201, object, { Location: `/api/v1/runs/${object.id}` });
}
