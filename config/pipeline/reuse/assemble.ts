import type { GeneratedText } from '#core/plan.ts';
import { joinGenerated } from '../generated.ts';
import { parseFile } from '../parse.ts';
import type { Problems } from '../problems.ts';
import { shapeFile } from '../shape.ts';
import type { ImportReader } from './import-reader.ts';
import { type Loaded, loadImports } from './load-imports.ts';
import { applyTemplates } from './templates.ts';

/** A pipeline's file as it is meant: with what it imports, and its stages with their templates. Null if it is no KDL. */
export function assembleFile(
  problems: Problems,
  read: ImportReader,
  generated: readonly GeneratedText[],
): Loaded | null {
  const nodes = parseFile(problems);
  if (!nodes) return null;
  const loaded = loadImports(problems, shapeFile(problems, nodes), read);
  return { ...loaded, file: applyTemplates(problems, joinGenerated(problems, loaded.file, generated)) };
}
