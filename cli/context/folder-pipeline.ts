import { basename } from 'node:path';
import type { ApiClient } from '#api/client/client.ts';
import { problemOf } from '#api/client/problem.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { locateFiles } from '../file/locate.ts';
import { findGitTop } from '../file/source-root.ts';

/** `pipeline "shop-api" {` at the start of a line. */
const NAME = /^pipeline\s+"([^"\\]+)"/m;

/**
 * Name of the pipeline that a command means when it names none: what the file of the folder calls it, else the name of
 * the repository's folder (UI §8, Names). Null when the server has neither.
 */
export async function findFolderPipeline(
  folder: string,
  api: ApiClient,
  workspace: string | null,
): Promise<PipelineObject | null> {
  for (const pipeline of nameCandidates(folder)) {
    try {
      return await api.getPipeline({ pipeline, workspace });
    } catch (thrown) {
      if (problemOf(thrown)?.status !== 404) throw thrown;
    }
  }
  return null;
}

function nameCandidates(folder: string): string[] {
  const written = locateFiles(folder).flatMap(({ text }) => NAME.exec(text)?.[1] ?? []);
  const top = findGitTop(folder);
  return [...new Set([...written, ...(top === null ? [] : [basename(top)])])];
}
