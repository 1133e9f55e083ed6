import type { PipelineObject, PipelineWithText } from '#core/rest-pipelines.ts';
import { readHorizon } from '#db/queries/changes.ts';
import { findPresentVersion } from '#db/queries/pipeline-versions.ts';
import { findPipeline, type PipelineWithNames } from '#db/queries/pipelines.ts';
import type { PipelineVersionRow } from '#db/rows.ts';
import type { Scoped } from '#db/scope.ts';
import type { Principal } from '../access/principal.ts';
import { loadPipelineRuns, NO_RUNS, toPipelineObject } from '../objects/pipeline-object.ts';
import { notFound, ProblemError } from '../problem.ts';

/** The object of a row, with its runs. */
export async function loadPipeline(
  scoped: Scoped,
  row: PipelineWithNames,
  principal: Principal,
): Promise<PipelineObject> {
  const runs = await loadPipelineRuns(scoped, [row.id]);
  return toPipelineObject(row, runs.get(row.id) ?? NO_RUNS, principal);
}

export async function loadWithText(scoped: Scoped, id: string, principal: Principal): Promise<PipelineWithText> {
  const position = await readHorizon(scoped);
  const row = await findPipeline(scoped, id);
  if (!row) throw notFound(`pipeline ${id}`);
  const version = await findPresentVersion(scoped, row.id);
  return { ...(await loadPipeline(scoped, row, principal)), text: version?.text ?? null, position };
}

/** A pipeline of the server with the text that counts now. Throws 404, and 409 for a local one. */
export async function requireText(
  scoped: Scoped,
  id: string,
): Promise<{ pipeline: PipelineWithNames; version: PipelineVersionRow }> {
  const [pipeline, version] = await Promise.all([findPipeline(scoped, id), findPresentVersion(scoped, id)]);
  if (!pipeline) throw notFound(`pipeline ${id}`);
  if (!version) throw refuseLocal(pipeline.path);
  return { pipeline, version };
}

/** What only the file itself can be asked for. */
export function refuseLocal(path: string): ProblemError {
  return new ProblemError(409, 'pipeline-local', 'this pipeline is a file, which the server does not have', {
    cause: path,
    hint: `run it by its command: buildit run ${path}`,
  });
}
