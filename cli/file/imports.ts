import type { ImportReader } from '#config/pipeline/reuse/import-reader.ts';
import { readFolder } from '#config/pipeline/reuse/read-folder.ts';
import type { PipelineFile } from './locate.ts';
import { findSourceRoot } from './source-root.ts';

/** What a file of this machine may import: the files of its repository. Names are as seen from the caller's folder. */
export function readImportsOf({ path, shown }: Pick<PipelineFile, 'path' | 'shown'>, folder: string): ImportReader {
  return readFolder({ root: findSourceRoot(path).root, base: folder, main: shown });
}
