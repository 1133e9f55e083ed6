import * as z from 'zod/mini';
import { ENDINGS } from '#core/ending.ts';
import type { RunObject } from '#core/rest.ts';
import { STATUS_KINDS } from '#core/run.ts';
import { findRunByNumber } from '#db/queries/find-run.ts';
import { listRuns } from '#db/queries/list-runs.ts';
import { checkTrigger, triggerRun } from '../accept/trigger-run.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once, type Answer } from '../idempotency.ts';
import { loadRunObject, loadRunObjects } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { DEFAULT_LIMIT, pickFields, readCursor, toPage } from '../page.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { triggerSchema } from '../schemas/pipeline.ts';
import { planSummarySchema } from '../schemas/run-parts.ts';
import { runSchema } from '../schemas/run.ts';
import { inWorkspace } from './pipelines.ts';

const tag = 'runs';
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;

/** Runs of a pipeline: start one, list them, find one by its number. */
export function pipelineRunRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/pipelines/:pipeline/runs', name: 'triggerRun', tag },
      summary: 'Starts a run of a pipeline; with `dryRun` says what it would run.',
      access: { ...mayRead, action: 'run:trigger' },
      query: z.strictObject({ ...inWorkspace, dryRun: z.optional(z.enum(['true', 'false'])) }),
      body: triggerSchema,
      answers: { 200: planSummarySchema, 201: runSchema },
      async handle({ request, params, query, body, data, dataBriefly, principal, owner }) {
        const starter = { data, dataBriefly, principal };
        if (query.dryRun === 'true') {
          const { plan } = await checkTrigger(context, params.pipeline, body, starter);
          return request.json(describePlan(plan));
        }
        return once(context, request, body, async (keep) =>
          answerRun(
            await triggerRun(context, params.pipeline, body, starter, async (scoped, object) => {
              await keep(scoped, answerRun(object));
              if (!owner) throw new Error('a route over an object has its owner');
              const { branch, commit, params: values } = body;
              await recordAudit(
                scoped,
                { request, principal },
                {
                  ...{ action: 'run.start', owner, object: { kind: 'run', id: object.id, name: object.label } },
                  detail: { branch, commit, params: values },
                },
              );
            }),
          ),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/runs', name: 'listPipelineRuns', tag, access: mayRead },
      summary: 'Lists the runs of a pipeline, newest first.',
      query: z.strictObject({
        ...pageQuery,
        ...inWorkspace,
        status: z.optional(z.enum(STATUS_KINDS)),
        ending: z.optional(z.enum(ENDINGS)),
        branch: z.optional(z.string()),
        fields: z.optional(z.string()),
      }),
      answers: { 200: pageOf(z.partial(runSchema)) },
      async handle({ request, params, query, data, principal }) {
        const { limit = DEFAULT_LIMIT, cursor: text, fields } = query;
        const filter = {
          ...{ workspace: null, pipeline: params.pipeline, startedBy: null, number: null },
          status: query.status ?? null,
          ending: query.ending ?? null,
          branch: query.branch ?? null,
        };
        const cursor = readCursor(text, filter);
        const page = await data(async (scoped) => {
          const rows = toPage(await listRuns(scoped, filter, cursor, limit), limit, cursor, filter, (row) => row);
          return { ...rows, items: await loadRunObjects(scoped, rows.items, principal) };
        });
        return request.json({ ...page, items: pickFields(page.items, fields, runSchema) });
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/runs/:number', name: 'getPipelineRun', tag, access: mayRead },
      summary: 'Answers a run by its number, `142` or `142.2`; without an attempt the last one.',
      query: z.strictObject(inWorkspace),
      answers: { 200: runSchema },
      async handle({ request, params, data, principal }) {
        const object = await data(async (scoped) => {
          const row = await findRunByNumber(scoped, params.pipeline, params.number);
          if (!row) throw notFound(`run ${params.number} of this pipeline`);
          return loadRunObject(scoped, row, principal);
        });
        return request.json(object);
      },
    }),
  ];
}

function answerRun(object: RunObject): Answer {
  return answerJson(201, object, { Location: `/api/v1/runs/${object.id}` });
}
