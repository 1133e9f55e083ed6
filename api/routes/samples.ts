import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { readHorizon } from '#db/queries/changes.ts';
import { insertPipeline } from '#db/queries/pipelines.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { NO_RUNS, toPipelineObject } from '../objects/pipeline-object.ts';
import { digestText } from '../pipelines/check-text.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { SAMPLES } from '../samples/samples.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { pipelineWithTextSchema, sampleSchema } from '../schemas/pipeline.ts';
import { describe, inWorkspace, refuseTaken } from './pipelines.ts';

const tag = 'pipelines';

/** Pipelines that come with BuildIt, for a first visit. */
export function sampleRoutes(_context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/samples', name: 'listSamples', tag, access: { kind: 'signed-in' } },
      summary: 'Lists the pipelines that come with BuildIt and run on any machine as it is.',
      answers: { 200: pageOf(sampleSchema) },
      handle: ({ request }) => request.json(wholePage([...SAMPLES])),
    }),
    route({
      ...{ method: 'post', path: '/samples/:sample', name: 'addSample', tag },
      summary: 'Puts a sample into a workspace as a pipeline.',
      access: { kind: 'workspace', action: 'pipeline:write' },
      query: z.strictObject(inWorkspace),
      answers: { 201: pipelineWithTextSchema },
      async handle(call) {
        const { request, params, data, principal } = call;
        const owner = requireOwner(call);
        const sample = SAMPLES.find(({ name }) => name === params.sample);
        if (!sample || !owner.workspaceId) throw notFound(`sample ${params.sample}`);
        const { workspaceId } = owner;
        const { name, description, text } = sample;
        const object = await data(async (scoped): Promise<PipelineWithText> => {
          const row = await insertPipeline(
            scoped,
            { ...{ id: createId(), workspaceId, name, description }, origin: 'sample' },
            { text, digest: digestText(text), message: 'came with BuildIt', createdBy: principal.actor },
          );
          if (!row) throw refuseTaken(name);
          await recordAudit(scoped, call, describe(row, 'pipeline.create', { version: 1, sample: name }));
          return { ...toPipelineObject(row, NO_RUNS, principal), text, position: await readHorizon(scoped) };
        });
        return request.json(object, 201, { Location: `/api/v1/pipelines/${object.id}` });
      },
    }),
  ];
}
