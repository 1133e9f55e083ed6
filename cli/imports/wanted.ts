import { posix } from 'node:path';
import { parseFile } from '#config/pipeline/parse.ts';
import { collectProblems } from '#config/pipeline/problems.ts';
import type { ImportReader } from '#config/pipeline/reuse/import-reader.ts';
import { loadImports } from '#config/pipeline/reuse/load-imports.ts';
import { COPIES, type Lock, LOCK_NAME, printLock } from '#config/pipeline/reuse/lock-file.ts';
import { readTree, type SourceTree } from '#config/pipeline/reuse/read-tree.ts';
import { shapeFile } from '#config/pipeline/shape.ts';
import { createSource } from '#config/pipeline/source.ts';

/** A file of a library that is imported. */
export interface Wanted {
  library: string;
  ref: string;
  path: string;
}

/**
 * The files of libraries that pipeline files import, as far as what is there already shows: what a file that is still to
 * be fetched imports in its turn comes to light with it. `lock` stands for the one in the tree.
 */
export function listWanted(files: readonly { name: string; text: string }[], tree: SourceTree, lock: Lock): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const read = readTree({
    ...tree,
    readText: (path) => (path === LOCK_NAME ? printLock(lock) : tree.readText(path)),
  });
  const watch: ImportReader = (from, target) => {
    const one = target.kind === 'library' ? target : findInLibrary(tree.pathOf(from), target.path, lock);
    if (one)
      wanted.set(`${one.library}@${one.ref}/${one.path}`, { library: one.library, ref: one.ref, path: one.path });
    return read(from, target);
  };
  for (const { name, text } of files) {
    const problems = collectProblems(createSource(name, text));
    const nodes = parseFile(problems);
    if (nodes) loadImports(problems, shapeFile(problems, nodes), watch);
  }
  return [...wanted.values()];
}

function findInLibrary(from: string, path: string, lock: Lock): Wanted | null {
  if (!from.startsWith(`${COPIES}/`)) return null;
  const [organization = '', name = '', commit = '', ...inner] = posix.relative(COPIES, from).split('/');
  const library = `${organization}/${name}`;
  const key = Object.keys(lock).find((one) => one.startsWith(`${library}@`) && lock[one]?.commit === commit);
  const inside = posix.join(posix.dirname(inner.join('/')), path);
  if (key === undefined || inside.startsWith('..')) return null;
  return { library, ref: key.slice(library.length + 1), path: inside };
}
