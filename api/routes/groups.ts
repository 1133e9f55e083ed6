import * as z from 'zod/mini';
import type { GroupMember, GroupState } from '#core/concurrency.ts';
import type { GroupObject, GroupPlace } from '#core/rest-groups.ts';
import { listOpenPlans } from '#db/queries/open-plans.ts';
import { findPipeline, type PipelineWithNames } from '#db/queries/pipelines.ts';
import { loadPlan } from '../accept/commit-run.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { groupSchema, releasePlaceSchema } from '../schemas/group.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { inWorkspace } from './pipelines.ts';

const tag = 'pipelines';
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;
const query = z.strictObject(inWorkspace);

/** Concurrency groups: who has their places, who waits, and places that somebody frees. */
export function groupRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/groups', name: 'listGroups', tag, access: mayRead, query },
      summary: 'Lists the concurrency groups that open runs of a pipeline have to do with, with holders and queue.',
      answers: { 200: pageOf(groupSchema) },
      async handle(call) {
        const { pipeline, groups } = await load(context, call);
        const states = await Promise.all(groups.map((group) => context.workflows.readGroup(pipeline.workspace, group)));
        const known = states.filter((state) => state !== null);
        return call.request.json(wholePage(known.map((state) => toGroupObject(state, pipeline, call.principal))));
      },
    }),
    route({
      ...{ method: 'post', path: '/pipelines/:pipeline/groups/release', name: 'releasePlace', tag, query },
      summary: 'Frees a place of a concurrency group, or takes somebody out of its queue; the run itself goes on.',
      access: { ...mayRead, action: 'run:change' },
      body: releasePlaceSchema,
      answers: { 200: groupSchema },
      async handle(call) {
        const { request, body, data, principal, params } = call;
        const pipeline = await data((scoped) => findPipeline(scoped, params.pipeline));
        if (!pipeline) throw notFound(`pipeline ${params.pipeline}`);
        const isFreed = await context.workflows.releasePlace(pipeline.workspace, body.group, body.place);
        const state = await context.workflows.readGroup(pipeline.workspace, body.group);
        if (!isFreed || !state) {
          throw new ProblemError(409, 'place-unknown', `nobody has or wants this place of the group "${body.group}"`, {
            hint: 'it may have been given back meanwhile: GET /api/v1/pipelines/PIPELINE/groups',
          });
        }
        const object = { kind: 'pipeline', id: pipeline.id, name: pipeline.name };
        const detail = { group: body.group, place: body.place, reason: body.reason };
        await data((scoped) =>
          recordAudit(scoped, { request, principal }, { action: 'group.release', owner: pipeline, object, detail }),
        );
        return request.json(toGroupObject(state, pipeline, principal));
      },
    }),
  ];
}

/** The groups that the plans of its open runs name. */
async function load(
  context: ApiContext,
  { data, params }: Pick<Call<'/pipelines/:pipeline'>, 'data' | 'params'>,
): Promise<{ pipeline: PipelineWithNames; groups: string[] }> {
  const { pipeline, references } = await data(async (scoped) => ({
    pipeline: await findPipeline(scoped, params.pipeline),
    references: await listOpenPlans(scoped, params.pipeline),
  }));
  if (!pipeline) throw notFound(`pipeline ${params.pipeline}`);
  const plans = await Promise.all(references.map((reference) => loadPlan(context, reference)));
  const rules = plans.flatMap((plan) => [
    plan.concurrency,
    ...plan.nodes.map((node) => (node.kind === 'stage' ? node.concurrency : undefined)),
  ]);
  return { pipeline, groups: [...new Set(rules.flatMap((rule) => rule?.group ?? []))].toSorted() };
}

function toGroupObject(state: GroupState, pipeline: PipelineWithNames, principal: Principal): GroupObject {
  return {
    group: state.group,
    limit: state.limit,
    holders: state.holders.map(toPlace),
    waiters: state.waiters.map(toPlace),
    can: { release: explainAction(principal, 'run:change', pipeline) },
  };
}

function toPlace({ id, runId: run, label, stage, since }: GroupMember): GroupPlace {
  return { id, run, label, stage, since };
}
