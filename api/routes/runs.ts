import * as z from 'zod/mini';
import { COUNTED_UP_TO } from '#core/count.ts';
import { ENDINGS } from '#core/ending.ts';
import type { RerunRequest, RunObject } from '#core/rest.ts';
import { STATUS_KINDS } from '#core/run.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { countRuns, listRuns } from '#db/queries/list-runs.ts';
import { LOCAL_OWNER } from '../accept/local-run.ts';
import { compileRequest, startRun } from '../accept/start-run.ts';
import { requireAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once, type Answer } from '../idempotency.ts';
import { readListPosition } from '../objects/list-position.ts';
import { loadRunObject, loadRunObjects, requireRun } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { DEFAULT_LIMIT, pickFields, readCursor, toPage } from '../page.ts';
import { ProblemError } from '../problem.ts';
import { rerun } from '../rerun/rerun.ts';
import { route, type Route } from '../route.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { planSummarySchema } from '../schemas/run-parts.ts';
import { runSchema } from '../schemas/run.ts';
import { rerunSchema, startRunSchema } from './start-request.ts';

const excluded = <Value extends z.ZodMiniType>(value: Value) => z.optional(z.array(value).check(z.maxLength(20)));

const listSchema = z.strictObject({
  ...pageQuery,
  workspace: z.optional(z.string()),
  pipeline: z.optional(z.string()),
  status: z.optional(z.enum(STATUS_KINDS)),
  ending: z.optional(z.enum(ENDINGS)),
  branch: z.optional(z.string()),
  startedBy: z.optional(z.string()),
  // Whoever wrote the commit, by name or e-mail address, or started it.
  author: z.optional(z.string()),
  // Of the pipeline: `github.com/acme/shop`, or an end of it.
  repository: z.optional(z.string()),
  number: z.optional(z.coerce.number().check(z.int(), z.gte(1))),
  // Each may be given several times.
  notState: excluded(z.enum([...STATUS_KINDS, ...ENDINGS])),
  notBranch: excluded(z.string()),
  notStartedBy: excluded(z.string()),
  notAuthor: excluded(z.string()),
  notPipeline: excluded(z.string()),
  notRepository: excluded(z.string()),
  // Up to 10,000; 10,001 says that there are more.
  total: z.optional(z.enum(['true', 'false'])),
  fields: z.optional(z.string()),
});

const tag = 'runs';

/** Acceptance of runs, their list, a run, and running one again. */
export function runRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/runs', name: 'startLocalRun', tag, access: { kind: 'local' } },
      summary: 'Starts a run of local files.',
      query: z.strictObject({ dryRun: z.optional(z.enum(['true', 'false'])) }),
      body: startRunSchema,
      answers: { 200: planSummarySchema, 201: runSchema },
      async handle(call) {
        const { request, query, body } = call;
        if (query.dryRun === 'true') return request.json(describePlan(await compileRequest(context, body)));
        return once(context, request, body, async (keep) =>
          answerRun(
            await startRun(context, body, call, async (scoped, object) => {
              await keep(scoped, answerRun(object));
              const about = { kind: 'run', id: object.id, name: object.label };
              const detail = { file: body.file };
              await recordAudit(scoped, call, { action: 'run.start', owner: LOCAL_OWNER, object: about, detail });
            }),
          ),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/runs', name: 'listRuns', tag, access: { kind: 'signed-in', action: 'run:read' } },
      summary: 'Lists runs, newest first.',
      query: listSchema,
      answers: { 200: pageOf(z.partial(runSchema)) },
      async handle({ request, query, data, principal }) {
        const { limit = DEFAULT_LIMIT, cursor: text, fields } = query;
        const filter = {
          workspace: query.workspace ?? null,
          pipeline: query.pipeline ?? null,
          status: query.status ?? null,
          ending: query.ending ?? null,
          branch: query.branch ?? null,
          startedBy: query.startedBy ?? null,
          author: query.author ?? null,
          repository: query.repository ?? null,
          number: query.number ?? null,
          not: {
            states: query.notState ?? [],
            branches: query.notBranch ?? [],
            startedBy: query.notStartedBy ?? [],
            authors: query.notAuthor ?? [],
            pipelines: query.notPipeline ?? [],
            repositories: query.notRepository ?? [],
          },
        };
        const cursor = readCursor(text, filter);
        const page = await data(async (scoped) => {
          const position = await readListPosition(scoped, 'runs', filter.workspace);
          const rows = toPage(await listRuns(scoped, filter, cursor, limit), limit, cursor, filter, (row) => row);
          const total = query.total === 'true' ? { total: await countRuns(scoped, filter, COUNTED_UP_TO) } : {};
          return { ...rows, ...position, ...total, items: await loadRunObjects(scoped, rows.items, principal) };
        });
        return request.json({ ...page, items: pickFields(page.items, fields, runSchema) });
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run', name: 'getRun', tag },
      summary: 'Answers a run by its id or label.',
      access: { kind: 'object', object: 'run', param: 'run', action: 'run:read' },
      answers: { 200: runSchema },
      async handle({ request, params, data, principal }) {
        const read = data(async (scoped) => loadRunObject(scoped, await requireRun(scoped, params.run), principal));
        return request.json(await read);
      },
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/rerun', name: 'rerun', tag },
      summary: 'Runs a run again, all of it or a part.',
      access: { kind: 'object', object: 'run', param: 'run', action: 'run:trigger' },
      body: rerunSchema,
      answers: { 201: runSchema },
      async handle(call) {
        const { request, params, body, data, principal, owner } = call;
        return once(context, request, body, async (keep) => {
          const run = await data((scoped) => requireRun(scoped, params.run));
          refuseElsewhere(run, body, principal);
          if (body.shell && owner) requireAction(principal, 'run:shell', owner);
          return answerRun(
            await rerun(context, run, body, { data, principal }, async (scoped, object) => {
              await keep(scoped, answerRun(object));
              if (!owner) throw new Error('a route over an object has its owner');
              const about = { kind: 'run', id: object.id, name: object.label };
              await recordAudit(scoped, call, { action: 'run.rerun', owner, object: about, detail: { of: run.label } });
            }),
          );
        });
      },
    }),
  ];
}

/** Local runs have paths and secrets of this machine: they are repeated here alone, and only they take such (ENGINE 11). */
export function refuseElsewhere(run: RunWithNames, body: RerunRequest, principal: Principal): void {
  if (principal.via !== 'local' && run.scope === 'local') {
    throw new ProblemError(403, 'local-only', 'local runs are repeated on the machine they belong to');
  }
  if (run.scope !== 'local' && (body.secretFile !== undefined || body.secrets !== undefined)) {
    throw new ProblemError(422, 'values-invalid', 'a run on the server takes its secrets from the store', {
      hint: 'keep them there: buildit secrets set NAME',
    });
  }
}

function answerRun(object: RunObject): Answer {
  return answerJson(201, object, { Location: `/api/v1/runs/${object.id}` });
}
