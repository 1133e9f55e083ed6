import * as z from 'zod/mini';
import type { PipelineVariablesObject } from '#core/rest-pipelines.ts';
import { findVariables, replaceVariables } from '#db/queries/pipeline-variables.ts';
import { findPipeline, type PipelineWithNames } from '#db/queries/pipelines.ts';
import type { Scoped } from '#db/scope.ts';
import type { Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { canWrite } from '../objects/pipeline-object.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { replaceVariablesSchema, variablesSchema } from '../schemas/variables.ts';
import { describe, inWorkspace, takeForChange } from './pipelines.ts';

const tag = 'pipelines';
const path = '/pipelines/:pipeline/variables';
const query = z.strictObject(inWorkspace);
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;

/** Variables that every run of a pipeline gets, below the `env` of its file. They are no secrets: who sees runs sees them. */
export function pipelineVariableRoutes(): Route[] {
  return [
    route({
      ...{ method: 'get', path, name: 'getPipelineVariables', tag, query, access: mayRead },
      summary: 'Answers the variables of a pipeline, the lowest layer of its environment.',
      answers: { 200: variablesSchema },
      async handle({ request, params, data, principal }) {
        const object = await data(async (scoped) => {
          const pipeline = await findPipeline(scoped, params.pipeline);
          if (!pipeline) throw notFound(`pipeline ${params.pipeline}`);
          return load(scoped, pipeline, principal);
        });
        return request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'put', path, name: 'replacePipelineVariables', tag, query },
      summary: 'Gives a pipeline these variables and no others; runs that are there keep theirs.',
      access: { ...mayRead, action: 'pipeline:write' },
      body: replaceVariablesSchema,
      answers: { 200: variablesSchema },
      async handle({ request, params, body, data, principal }) {
        const object = await data(async (scoped) => {
          const pipeline = await takeForChange(scoped, params.pipeline);
          const before = await load(scoped, pipeline, principal);
          requireMatch(request, before.version, before);
          await replaceVariables(scoped, pipeline, body.variables, principal.actor);
          const detail = compare(before.variables, body.variables);
          await recordAudit(scoped, { request, principal }, describe(pipeline, 'pipeline.variables', detail));
          return load(scoped, pipeline, principal);
        });
        return request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
  ];
}

async function load(
  scoped: Scoped,
  pipeline: PipelineWithNames,
  principal: Principal,
): Promise<PipelineVariablesObject> {
  const row = await findVariables(scoped, pipeline.id);
  return {
    variables: row?.variables ?? {},
    version: row?.version ?? 0,
    updatedAt: row?.updatedAt ?? null,
    updatedBy: row?.updatedBy ?? null,
    can: { write: canWrite(pipeline, principal) },
  };
}

/** What the audit has: names, never values, which may be somebody's mistake. */
function compare(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.keys(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]);
  return { added, changed, removed };
}
