import * as z from 'zod/mini';
import { listEvents } from '#db/queries/list-events.ts';
import { listArtifacts, listAttempts, listStages } from '#db/queries/read-run.ts';
import { loadPlan } from '../accept/commit-run.ts';
import type { ApiContext } from '../context.ts';
import { toArtifactObject } from '../objects/artifact-object.ts';
import { loadGateObjects, loadStageObjects, requireRun } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { showPlaces } from '../objects/show-places.ts';
import { explainStage } from '../objects/why.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../page.ts';
import { ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import {
  artifactSchema,
  eventSchema,
  graphSchema,
  planSchema,
  planSummarySchema,
  whySchema,
} from '../schemas/run-parts.ts';
import { gateSchema, stageSchema } from '../schemas/run.ts';

const eventsQuery = z.strictObject({
  after: z.optional(z.coerce.number().check(z.int(), z.gte(0))),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(MAX_LIMIT))),
});

/** The plan of an ended run never changes; before that generators and late matrices may add to it. */
const IMMUTABLE = { 'Cache-Control': 'private, max-age=31536000, immutable' };
const GROWING = { 'Cache-Control': 'private, no-cache' };

const access = { kind: 'object', object: 'run', param: 'run', action: 'run:read' } as const;
const tag = 'runs';

/** What belongs to a run: at most 500 nodes, so these lists are whole. */
export function runPartRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/runs/:run/stages', name: 'listStages', tag, access },
      summary: 'Lists the stages and gates of a run with their attempts.',
      answers: { 200: pageOf(stageSchema) },
      async handle({ request, params, data }) {
        return request.json(wholePage(await data((scoped) => loadStageObjects(scoped, params.run))));
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/gates', name: 'listGates', tag, access },
      summary: 'Lists the gates of a run with what was decided.',
      answers: { 200: pageOf(gateSchema) },
      async handle({ request, params, data, principal }) {
        const gates = await data(async (scoped) =>
          loadGateObjects(scoped, await requireRun(scoped, params.run), principal),
        );
        return request.json(wholePage(gates));
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/artifacts', name: 'listArtifacts', tag, access },
      summary: 'Lists the artifacts of a run.',
      answers: { 200: pageOf(artifactSchema) },
      async handle({ request, params, data }) {
        const rows = await data((scoped) => listArtifacts(scoped, params.run));
        return request.json(wholePage(rows.map(toArtifactObject)));
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/graph', name: 'getGraph', tag, access },
      summary: 'Answers the nodes and edges of a run.',
      answers: { 200: graphSchema },
      async handle({ request, params, data }) {
        const stages = await data((scoped) => listStages(scoped, params.run));
        const nodes = stages.map(({ id, kind, name, stage, leg, runOn, status }) => ({
          ...{ id, kind, name, stage, leg, runOn, status },
        }));
        const edges = stages.flatMap((stage) =>
          stage.needs.map((edge) => ({ from: edge.to, to: stage.name, on: edge.on })),
        );
        return request.json({ nodes, edges });
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/plan', name: 'getPlan', tag, access },
      summary: 'Answers the compiled plan of a run.',
      query: z.strictObject({ summary: z.optional(z.enum(['true', 'false'])) }),
      answers: { 200: z.union([planSchema, planSummarySchema]) },
      async handle({ request, params, query, data }) {
        const run = await data((scoped) => requireRun(scoped, params.run));
        const plan = await loadPlan(context, run.plan);
        const keeping = run.statusKind === 'ended' ? IMMUTABLE : GROWING;
        return request.json(query.summary === 'true' ? describePlan(plan) : plan, 200, keeping);
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/events', name: 'listEvents', tag, access },
      summary: 'Lists what happened in a run, oldest first.',
      query: eventsQuery,
      answers: { 200: pageOf(eventSchema) },
      async handle({ request, params, query: { after = 0, limit = DEFAULT_LIMIT }, data }) {
        const rows = await data(async (scoped) => {
          const run = await requireRun(scoped, params.run);
          return listEvents(scoped, run.id, after, limit);
        });
        const items = rows.map(({ seq, kind, name, status, change, at }) => ({
          ...{ seq, kind, name, status, at },
          ...(change === null ? {} : { change }),
        }));
        // One change may touch several objects under one seq: the last, perhaps incomplete one begins the next page.
        const last = items.at(-1)?.seq ?? after;
        const next = items.length === limit ? String(Math.max(after, last - 1)) : null;
        return request.json({ items, next, prev: null });
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/why', name: 'explainStage', tag, access },
      summary: 'Explains why a stage ran, waits or did not run.',
      query: z.strictObject({ stage: z.string() }),
      answers: { 200: whySchema },
      async handle({ request, params, query, data }) {
        const { run, stages, attempts } = await data(async (scoped) => {
          const [run, rows, attempts] = await Promise.all([
            requireRun(scoped, params.run),
            listStages(scoped, params.run),
            listAttempts(scoped, params.run, [query.stage]),
          ]);
          return { run, stages: await showPlaces(scoped, run.id, rows), attempts };
        });
        const stage = stages.find((other) => other.name === query.stage);
        if (!stage) throw refuseUnknown(run.label, query.stage, stages);
        return request.json(explainStage(await loadPlan(context, run.plan), stage, stages, attempts));
      },
    }),
  ];
}

/** A stage with a matrix is asked for by leg. */
function refuseUnknown(label: string, name: string, stages: readonly { name: string; stage: string }[]): ProblemError {
  const legs = stages.filter((stage) => stage.stage === name).map((stage) => stage.name);
  const known = legs.length > 0 ? legs : stages.map((stage) => stage.name);
  return new ProblemError(404, 'stage-unknown', `${label} has no stage ${name}`, {
    hint: `${legs.length > 0 ? 'its legs are' : 'it has'} ${known.slice(0, 20).join(', ')}`,
  });
}
