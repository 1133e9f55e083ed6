import * as z from 'zod/mini';
import type { PipelineVersionObject } from '#core/rest-pipelines.ts';
import { findVersion, listVersions, type PipelineVersionHead } from '#db/queries/pipeline-versions.ts';
import { replaceText, type PipelineWithNames } from '#db/queries/pipelines.ts';
import type { Scoped } from '#db/scope.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT } from '../page.ts';
import { checkText, digestText, loadGraph, validateText } from '../pipelines/check-text.ts';
import { loadPipeline, loadWithText, requireText } from '../pipelines/load.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import {
  pipelineGraphSchema,
  pipelineWithTextSchema,
  replaceTextSchema,
  validationSchema,
  versionSchema,
  versionWithTextSchema,
} from '../schemas/pipeline.ts';
import { describe, inWorkspace, takeForChange } from './pipelines.ts';

const tag = 'pipelines';
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;
const mayWrite = { ...mayRead, action: 'pipeline:write' } as const;

/** The texts of pipelines that the server keeps. */
export function pipelineTextRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/pipelines/validate', name: 'validatePipeline', tag },
      summary: 'Compiles a text and answers every diagnostic; keeps nothing.',
      access: { kind: 'signed-in' },
      body: z.strictObject({
        text: z.string(),
        name: z.exactOptional(z.string().check(z.maxLength(200), z.regex(/^\P{Cc}*$/u, 'has control characters'))),
      }),
      answers: { 200: validationSchema },
      handle: ({ request, body }) => request.json(validateText(context, body.name ?? 'pipeline', body.text)),
    }),
    route({
      ...{ method: 'put', path: '/pipelines/:pipeline/text', name: 'replacePipelineText', tag, access: mayWrite },
      summary: 'Gives a pipeline a new text, as its next version.',
      query: z.strictObject(inWorkspace),
      body: replaceTextSchema,
      answers: { 200: pipelineWithTextSchema },
      async handle({ request, params, body, data, principal }) {
        const object = await data(async (scoped) => {
          const row = await takeForText(scoped, params.pipeline);
          requireMatch(request, row.revision, await loadPipeline(scoped, row, principal));
          checkText(context, row.name, body.text);
          return keepText(scoped, { request, principal }, row, { text: body.text, message: body.message ?? '' });
        });
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/versions', name: 'listPipelineVersions', tag, access: mayRead },
      summary: 'Lists the versions of a text, newest first.',
      query: z.strictObject({ ...pageQuery, ...inWorkspace }),
      answers: { 200: pageOf(versionSchema) },
      async handle({ request, params, query, data }) {
        const { limit = DEFAULT_LIMIT, cursor } = query;
        const before = cursor === undefined ? null : readVersion(cursor);
        const rows = await data((scoped) => listVersions(scoped, params.pipeline, before, limit));
        const items = rows.slice(0, limit).map(toVersionObject);
        const next = rows.length > limit ? String(items.at(-1)?.version) : null;
        return request.json({ items, next, prev: null });
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/versions/:version', name: 'getPipelineVersion', tag },
      summary: 'Answers a version with its text.',
      access: mayRead,
      query: z.strictObject(inWorkspace),
      answers: { 200: versionWithTextSchema },
      async handle({ request, params, data }) {
        const row = await data((scoped) => requireVersion(scoped, params.pipeline, params.version));
        return request.json({ ...toVersionObject(row), text: row.text });
      },
    }),
    route({
      ...{
        method: 'post',
        path: '/pipelines/:pipeline/versions/:version/restore',
        name: 'restorePipelineVersion',
        tag,
      },
      summary: 'Makes the text of an earlier version the present one, as the next version.',
      access: mayWrite,
      query: z.strictObject(inWorkspace),
      answers: { 200: pipelineWithTextSchema },
      async handle({ request, params, data, principal }) {
        const object = await data(async (scoped) => {
          const row = await takeForText(scoped, params.pipeline);
          requireMatch(request, row.revision, await loadPipeline(scoped, row, principal));
          const { text, version } = await requireVersion(scoped, row.id, params.version);
          checkText(context, row.name, text);
          return keepText(scoped, { request, principal }, row, { text, message: `restores version ${version}` });
        });
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/graph', name: 'getPipelineGraph', tag, access: mayRead },
      summary: 'Answers stages, gates and edges of the present text.',
      query: z.strictObject(inWorkspace),
      answers: { 200: pipelineGraphSchema },
      async handle({ request, params, data }) {
        const { pipeline, version } = await data((scoped) => requireText(scoped, params.pipeline));
        return request.json(loadGraph(context, pipeline.name, version));
      },
    }),
  ];
}

/** A sample runs unisolated because its text is ours (ENGINE 21): nobody gives it another. */
async function takeForText(scoped: Scoped, id: string): Promise<PipelineWithNames> {
  const row = await takeForChange(scoped, id);
  if (row.origin !== 'sample') return row;
  throw new ProblemError(409, 'pipeline-sample', `${row.name} came with BuildIt, and its text stays as it is`, {
    hint: 'make a pipeline of your own with a copy of its text',
  });
}

async function keepText(
  scoped: Scoped,
  call: Pick<Call, 'request' | 'principal'>,
  row: PipelineWithNames,
  text: { text: string; message: string },
) {
  const digest = digestText(text.text);
  await replaceText(scoped, row, { ...text, digest, createdBy: call.principal.actor });
  const detail = { before: { version: row.version }, after: { version: row.version + 1, digest } };
  await recordAudit(scoped, call, describe(row, 'pipeline.text', detail));
  return loadWithText(scoped, row.id, call.principal);
}

async function requireVersion(scoped: Scoped, pipelineId: string, text: string) {
  const row = /^\d{1,9}$/.test(text) ? await findVersion(scoped, pipelineId, Number(text)) : null;
  if (!row) throw notFound(`version ${text}`);
  return row;
}

function readVersion(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new ProblemError(400, 'cursor-invalid', 'the cursor is none of ours');
}

function toVersionObject({
  version,
  digest,
  message,
  createdBy,
  createdAt,
}: PipelineVersionHead): PipelineVersionObject {
  return { version, digest, message, createdBy, createdAt };
}
