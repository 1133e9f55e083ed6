import * as z from 'zod/mini';
import type { PipelineStatistics } from '#core/rest-pipelines.ts';
import {
  countRecentRuns,
  listBranches,
  listEarlierAttempts,
  listTurnedStages,
  measureStages,
} from '#db/queries/pipeline-history.ts';
import type { Scoped } from '#db/scope.ts';
import { toRunSummary } from '../objects/pipeline-object.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { pipelineBranchSchema, pipelineStatisticsSchema } from '../schemas/pipeline.ts';
import { inWorkspace } from './pipelines.ts';

const tag = 'pipelines';
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;
const query = z.strictObject(inWorkspace);

/** What the runs of a pipeline say of it. */
export function pipelineHistoryRoutes(): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/statistics', name: 'getPipelineStatistics', tag, query },
      summary: 'Answers how long each stage took in the last 30 ended runs, and which are flaky.',
      access: mayRead,
      answers: { 200: pipelineStatisticsSchema },
      handle: async ({ request, params, data }) =>
        request.json(await data((scoped) => loadStatistics(scoped, params.pipeline))),
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/branches', name: 'listPipelineBranches', tag, query },
      summary: 'Lists the branches that runs were asked for with the newest run of each, at most 50.',
      access: mayRead,
      answers: { 200: pageOf(pipelineBranchSchema) },
      async handle({ request, params, data }) {
        const rows = await data((scoped) => listBranches(scoped, params.pipeline));
        return request.json(wholePage(rows.map((row) => ({ name: row.branch ?? '', run: toRunSummary(row) }))));
      },
    }),
  ];
}

/** Flaky: passed and failed on one commit and plan (UI 4.15), in two runs or in two attempts. Our own errors are neither. */
async function loadStatistics(scoped: Scoped, pipelineId: string): Promise<PipelineStatistics> {
  const [runs, stages, turned, earlier] = await Promise.all([
    countRecentRuns(scoped, pipelineId),
    measureStages(scoped, pipelineId),
    listTurnedStages(scoped, pipelineId),
    listEarlierAttempts(scoped, pipelineId),
  ]);
  const times = new Map(turned.map((stage) => [stage.name, stage.times]));
  for (const { name, status } of earlier) {
    const hasFailed = status.kind === 'ended' && (status.ending === 'failed' || status.ending === 'timed-out');
    if (hasFailed) times.set(name, (times.get(name) ?? 0) + 1);
  }
  const flaky = [...times].map(([name, count]) => ({ name, times: count }));
  return { runs, stages, flaky: flaky.toSorted((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1)) };
}
