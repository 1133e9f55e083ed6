import { Hono } from 'hono';
import * as z from 'zod/mini';
import { startRun, compileRequest } from '../accept/start-run.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { loadGateObjects, loadRunObject, loadStageObjects, requireRun } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { ProblemError } from '../problem.ts';
import { readBody, readQuery } from '../request-body.ts';
import { startRunSchema } from './start-request.ts';

/** Acceptance of runs, and what they are. */
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
      const answer = (object: Awaited<ReturnType<typeof startRun>>) =>
        answerJson(201, object, { Location: `/api/v1/runs/${object.id}` });
      return answer(
        await startRun(context, body, request.get('caller'), (transaction, object) =>
          keep(transaction, answer(object)),
        ),
      );
    });
  });

  app.get('/runs/:run', async (request) => {
    return request.json(await loadRunObject(database, await requireRun(database, request.req.param('run'))));
  });

  app.get('/runs/:run/stages', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    return request.json({ items: await loadStageObjects(database, run.id), next: null, prev: null });
  });

  app.get('/runs/:run/gates', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    return request.json({ items: await loadGateObjects(database, run), next: null, prev: null });
  });

  return app;
}
