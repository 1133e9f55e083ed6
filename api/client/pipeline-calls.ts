import type {
  ChangePipelineRequest,
  CreatePipelineRequest,
  PipelineObject,
  PipelineWithText,
  ReplaceTextRequest,
  TriggerRequest,
} from '#core/rest-pipelines.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { toQuery, type Http } from './http.ts';

/** A pipeline by its id, or by its name in a workspace; the server knows the only one. */
export interface PipelineReference {
  pipeline: string;
  workspace: string | null;
}

/** Pipelines of a server. */
export function pipelineCalls({ get, getVersioned, write }: Http) {
  const path = ({ pipeline, workspace }: PipelineReference, part = '') =>
    `pipelines/${encodeURIComponent(pipeline)}${part}${toQuery({ workspace })}`;
  return {
    listPipelines: (query: { workspace?: string | null; limit?: number; cursor?: string | null } = {}) =>
      get<Page<PipelineObject>>(`pipelines${toQuery(query)}`),
    getPipeline: (reference: PipelineReference) => get<PipelineWithText>(path(reference)),
    /** With the version that a change must name. */
    readPipeline: (reference: PipelineReference) => getVersioned<PipelineWithText>(path(reference)),
    createPipeline: (workspace: string | null, body: CreatePipelineRequest) =>
      write<PipelineWithText>('POST', `pipelines${toQuery({ workspace })}`, body),
    changePipeline: (id: string, etag: string, body: ChangePipelineRequest) =>
      write<PipelineObject>('PATCH', `pipelines/${id}`, body, { etag }),
    replaceText: (id: string, etag: string, body: ReplaceTextRequest) =>
      write<PipelineWithText>('PUT', `pipelines/${id}/text`, body, { etag }),
    triggerRun: (reference: PipelineReference, body: TriggerRequest) =>
      write<RunObject>('POST', path(reference, '/runs'), body),
    /** `number` is `142`, or `142.2` for its second attempt. */
    getPipelineRun: (reference: PipelineReference, number: string) =>
      get<RunObject>(path(reference, `/runs/${encodeURIComponent(number)}`)),
  };
}
