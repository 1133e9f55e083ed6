import * as z from 'zod/mini';
import { listQueued } from '#db/queries/list-queued.ts';
import { listAttempts, listGates, listStages } from '#db/queries/read-run.ts';
import type { Scoped } from '#db/scope.ts';
import { loadPlan } from '../accept/commit-run.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import type { ApiContext } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { toTimeline } from '../objects/timeline.ts';
import { ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { comparisonSchema, timelineSchema } from '../schemas/compare.ts';

const tag = 'runs';
const access = { kind: 'object', object: 'run', param: 'run', action: 'run:read' } as const;

/** What people look at when a run came out otherwise than before. Stands before the routes of `/runs/:run`. */
export function runComparisonRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/runs/compare', name: 'compareRuns', tag },
      access: { kind: 'signed-in', action: 'run:read' },
      summary: 'Compares two runs of a pipeline: parameters, plan, endings, durations.',
      query: z.strictObject({ base: z.string(), head: z.string() }),
      answers: { 200: comparisonSchema },
      async handle({ request, query, data }) {
        const [base, head] = await data((scoped) =>
          Promise.all([loadRows(scoped, query.base), loadRows(scoped, query.head)]),
        );
        if (base.row.pipelineId !== head.row.pipelineId) {
          const detail = `${base.row.label} and ${head.row.label} are runs of different pipelines`;
          throw new ProblemError(422, 'runs-unrelated', detail, { hint: 'choose two runs of one pipeline' });
        }
        const [basePlan, headPlan] = await Promise.all([
          loadPlan(context, base.row.plan),
          loadPlan(context, head.row.plan),
        ]);
        return request.json(compareRuns({ ...base, plan: basePlan }, { ...head, plan: headPlan }));
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/timeline', name: 'getTimeline', tag, access },
      summary: 'Answers when the stages of a run executed and its gates asked.',
      answers: { 200: timelineSchema },
      async handle({ request, params, data, principal }) {
        const timeline = await data(async (scoped) => {
          const [run, attempts, gates, queued] = await Promise.all([
            requireRun(scoped, params.run),
            listAttempts(scoped, params.run, null),
            listGates(scoped, params.run),
            listQueued(scoped, params.run),
          ]);
          return toTimeline(run, attempts, gates, queued, principal.isOperator ? context.settings : null);
        });
        return request.json(timeline);
      },
    }),
  ];
}

async function loadRows(scoped: Scoped, reference: string) {
  const row = await requireRun(scoped, reference);
  const [stages, attempts] = await Promise.all([listStages(scoped, row.id), listAttempts(scoped, row.id, null)]);
  return { row, stages, attempts };
}
