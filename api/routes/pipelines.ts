import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import { ENDINGS } from '#core/ending.ts';
import { STATUS_KINDS } from '#core/run.ts';
import { readHorizon } from '#db/queries/changes.ts';
import {
  countPipelines,
  listPipelines,
  PIPELINE_SORTS,
  type PipelineFilter,
  type PipelineSort,
} from '#db/queries/list-pipelines.ts';
import {
  changePipeline,
  deletePipeline,
  findPipeline,
  insertPipeline,
  lockPipeline,
  type PipelineWithNames,
} from '#db/queries/pipelines.ts';
import type { Scoped } from '#db/scope.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { readListPosition } from '../objects/list-position.ts';
import { loadPipelineObjects, NO_RUNS, toPipelineObject } from '../objects/pipeline-object.ts';
import { DEFAULT_LIMIT, pickFields, readCursor, toPage } from '../page.ts';
import { checkText, digestText, validateText } from '../pipelines/check-text.ts';
import { loadPipeline, loadWithText, refuseLocal } from '../pipelines/load.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import {
  changePipelineSchema,
  createPipelineSchema,
  pipelineSchema,
  pipelineWithTextSchema,
  validationSchema,
} from '../schemas/pipeline.ts';

const tag = 'pipelines';
/** Needed only where the caller has several workspaces. */
export const inWorkspace = { workspace: z.optional(z.string()) };
const flag = z.optional(z.enum(['true', 'false']));

const runState = z.enum([...STATUS_KINDS, ...ENDINGS]);
const listOf = <Value extends z.ZodMiniType>(value: Value) => z.optional(z.array(value).check(z.maxLength(20)));

const listQuery = z.strictObject({
  ...pageQuery,
  ...inWorkspace,
  name: z.optional(z.string()),
  origin: z.optional(z.enum(['local', 'server', 'sample', 'remote'])),
  enabled: flag,
  // `github.com/acme/shop`, or an end of it.
  repository: z.optional(z.string()),
  notRepository: listOf(z.string()),
  // Of `defaultRun`; what it must not be as often as needed, as the next.
  state: z.optional(runState),
  // Of `lastRun`.
  branch: z.optional(z.string()),
  notState: listOf(runState),
  notBranch: listOf(z.string()),
  attention: flag,
  // From the least; with `-` before it from the greatest.
  sort: z.optional(z.enum([...PIPELINE_SORTS, ...PIPELINE_SORTS.map((sort) => `-${sort}` as const)])),
  // Names that come first, in whatever order.
  first: listOf(z.string()),
  total: flag,
  fields: z.optional(z.string()),
});

/** Pipelines and their settings; texts are in pipeline-texts.ts, runs in pipeline-runs.ts. */
export function pipelineRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{
        method: 'get',
        path: '/pipelines',
        name: 'listPipelines',
        tag,
        access: { kind: 'signed-in', action: 'run:read' },
      },
      summary: 'Lists pipelines with the last run of each and of its default branch, newest first, or sorted.',
      query: listQuery,
      answers: { 200: pageOf(z.partial(pipelineSchema)) },
      async handle({ request, query, data, principal }) {
        const { limit = DEFAULT_LIMIT, cursor: text, fields } = query;
        const filter = {
          workspace: query.workspace ?? null,
          name: query.name ?? null,
          origin: query.origin ?? null,
          enabled: query.enabled === undefined ? null : query.enabled === 'true',
          repository: query.repository ?? null,
          notRepositories: query.notRepository ?? [],
          ...readRuns(query),
          needsAttention: query.attention === 'true',
          sort: readSort(query.sort),
          first: query.first ?? [],
        };
        const cursor = readCursor(text, filter);
        const page = await data(async (scoped) => {
          const position = await readListPosition(scoped, 'pipelines', filter.workspace);
          const found = await listPipelines(scoped, filter, cursor, limit);
          if (!found)
            throw new ProblemError(400, 'cursor-invalid', 'the pipeline of the cursor is no longer in the list');
          const rows = toPage(found, limit, cursor, filter, (row) => row);
          const total = query.total === 'true' ? { total: await countPipelines(scoped, filter) } : {};
          return {
            ...rows,
            ...position,
            ...total,
            items: await loadPipelineObjects(context, scoped, rows.items, principal),
          };
        });
        return request.json({ ...page, items: pickFields(page.items, fields, pipelineSchema) });
      },
    }),
    route({
      ...{ method: 'post', path: '/pipelines', name: 'createPipeline', tag },
      summary: 'Keeps a pipeline on the server; its text is compiled first.',
      access: { kind: 'workspace', action: 'pipeline:write' },
      query: z.strictObject({ ...inWorkspace, dryRun: flag }),
      body: createPipelineSchema,
      answers: { 200: validationSchema, 201: pipelineWithTextSchema },
      async handle({ request, query, body, data, principal, owner }) {
        if (query.dryRun === 'true') return request.json(validateText(context, body.name, body.text));
        const workspaceId = owner?.workspaceId;
        if (!workspaceId) throw new Error('a route over a workspace has its owner');
        checkText(context, body.name, body.text);
        return once(context, request, body, (keep) =>
          data(async (scoped) => {
            const row = await insertPipeline(
              scoped,
              { id: createId(), workspaceId, origin: 'server', name: body.name, description: body.description ?? '' },
              {
                ...{ text: body.text, digest: digestText(body.text), message: body.message ?? 'first version' },
                createdBy: principal.actor,
              },
            );
            if (!row) throw refuseTaken(body.name);
            await recordAudit(scoped, { request, principal }, describe(row, 'pipeline.create', { version: 1 }));
            const position = await readHorizon(scoped);
            const object = { ...toPipelineObject(row, NO_RUNS, principal), text: body.text, position };
            const headers = { Location: `/api/v1/pipelines/${row.id}`, ETag: etagOf(row.revision) };
            const answer = answerJson(201, object, headers);
            await keep(scoped, answer);
            return answer;
          }),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline', name: 'getPipeline', tag },
      summary: 'Answers a pipeline by its id or name, with its text.',
      access: { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' },
      query: z.strictObject(inWorkspace),
      answers: { 200: pipelineWithTextSchema },
      async handle({ request, params, data, principal }) {
        const object = await data((scoped) => loadWithText(scoped, params.pipeline, principal));
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/pipelines/:pipeline', name: 'changePipeline', tag },
      summary: 'Changes what is said of a pipeline, and whether it starts runs.',
      access: { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'pipeline:write' },
      query: z.strictObject(inWorkspace),
      body: changePipelineSchema,
      answers: { 200: pipelineSchema },
      async handle({ request, params, body, data, principal }) {
        const object = await data(async (scoped) => {
          const row = await takeForChange(scoped, params.pipeline);
          requireMatch(request, row.revision, await loadPipeline(scoped, row, principal));
          await changePipeline(scoped, row.id, {
            description: body.description ?? null,
            enabled: body.enabled ?? null,
            updatedBy: principal.actor,
          });
          const { description, enabled } = row;
          const detail = { before: { description, enabled }, after: { description, enabled, ...body } };
          await recordAudit(scoped, { request, principal }, describe(row, 'pipeline.change', detail));
          return loadPipeline(scoped, await requirePipeline(scoped, row.id), principal);
        });
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/pipelines/:pipeline', name: 'deletePipeline', tag },
      summary: 'Removes a pipeline; its runs stay, and those that are open go on.',
      access: { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'pipeline:write' },
      query: z.strictObject(inWorkspace),
      answers: { 204: 'none' },
      async handle({ request, params, data, principal }) {
        await data(async (scoped) => {
          const row = await takeForChange(scoped, params.pipeline);
          requireMatch(request, row.revision, await loadPipeline(scoped, row, principal));
          await deletePipeline(scoped, row.id);
          await recordAudit(scoped, { request, principal }, describe(row, 'pipeline.delete', { version: row.version }));
        });
        return new Response(null, { status: 204 });
      },
    }),
  ];
}

type ListQuery = z.infer<typeof listQuery>;

/** Nothing where nothing is said of a run: then it need not be looked up. */
function readRuns(query: ListQuery): Pick<PipelineFilter, 'standing' | 'last'> {
  const { state, branch, notState, notBranch } = query;
  return {
    ...(state || notState ? { standing: { state: state ?? null, notStates: notState ?? [] } } : {}),
    ...(branch || notBranch ? { last: { branch: branch ?? null, notBranches: notBranch ?? [] } } : {}),
  };
}

function readSort(sort: ListQuery['sort']): NonNullable<PipelineFilter['sort']> | null {
  if (sort === undefined) return null;
  return { by: sort.replace(/^-/, '') as PipelineSort, isDescending: sort.startsWith('-') };
}

/** What an audit entry says of a pipeline. */
export function describe(row: PipelineWithNames, action: string, detail: Record<string, unknown>) {
  return { action, owner: row, object: { kind: 'pipeline', id: row.id, name: row.name }, detail };
}

/** The row for a write: locked, so that the version that was checked is the one that is changed. */
export async function takeForChange(scoped: Scoped, id: string): Promise<PipelineWithNames> {
  const row = await lockPipeline(scoped, id);
  if (!row) throw notFound(`pipeline ${id}`);
  if (row.version === 0) throw refuseLocal(row.path);
  return row;
}

async function requirePipeline(scoped: Scoped, id: string): Promise<PipelineWithNames> {
  const row = await findPipeline(scoped, id);
  if (!row) throw notFound(`pipeline ${id}`);
  return row;
}

export function refuseTaken(name: string): ProblemError {
  return new ProblemError(409, 'pipeline-exists', `the workspace has a pipeline ${name}`, {
    hint: `choose another name, or give it a new text: buildit pipelines edit ${name}`,
  });
}
