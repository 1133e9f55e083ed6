import { createHash } from 'node:crypto';
import { parseFile } from '../parse.ts';
import type { Problems } from '../problems.ts';
import { splitText } from '../references.ts';
import { shapeFile, type WordNode } from '../shape.ts';
import { createSource } from '../source.ts';
import { findWord, listWord } from '../values.ts';
import { type ImportedFile, type ImportReader, type ImportTarget, isRef, splitLibrary } from './import-reader.ts';
import { MAX_DEPTH } from './templates.ts';

/** A file with everything it imports. */
export interface Loaded {
  file: WordNode;
  /** Texts of the imported files by their names. */
  texts: Map<string, string>;
  /** SHA-256 (hex) of each. */
  digests: Record<string, string>;
}

/** Files that one pipeline may be made of; each has at most 256 KiB. */
const MAX_FILES = 50;

/** Words that an imported file may have; others belong into the pipeline's own. */
const OWN_WORDS = ['import', 'template', 'stage', 'gate', 'cache'];
const FOREIGN_WORDS = ['import', 'template'];

/**
 * Reads what a file imports, and what that imports (LANGUAGE §8): the words of all of them together, those of the file
 * first. A file that is imported twice is read once.
 */
export function loadImports(problems: Problems, file: WordNode, read: ImportReader): Loaded {
  const texts = new Map<string, string>();
  const words = new Map(file.words);
  const load = (from: WordNode, name: string, chain: readonly string[]) => {
    for (const node of listWord(from, 'import')) {
      const found = readImport(problems, node, name, read);
      if (!found || !canLoad(problems, node, found.file, chain, texts)) continue;
      texts.set(found.file, found.text);
      const source = createSource(found.file, found.text, {
        order: texts.size,
        at: node.place,
        isForeign: found.isForeign,
      });
      const inside = problems.within(source);
      const nodes = parseFile(inside);
      if (!nodes) continue;
      const imported = shapeFile(inside, nodes);
      for (const [word, nodesOfWord] of imported.words) {
        if (checkWord(inside, word, nodesOfWord, found.isForeign) && word !== 'import') {
          words.set(word, [...(words.get(word) ?? []), ...nodesOfWord]);
        }
      }
      load(imported, found.file, [...chain, found.file]);
    }
  };
  load(file, problems.source.file, [problems.source.file]);
  const digests = [...texts].map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')] as const);
  return {
    file: { ...file, words },
    texts,
    digests: Object.fromEntries(digests.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function canLoad(
  problems: Problems,
  node: WordNode,
  file: string,
  chain: readonly string[],
  texts: ReadonlyMap<string, string>,
): boolean {
  if (chain.includes(file)) {
    const names = [...chain.slice(chain.indexOf(file)), file];
    problems.report('KDL051', node.place, `these files import each other: ${names.join(' → ')}`, {
      hint: 'put what both need into a file of its own',
    });
    return false;
  }
  if (texts.has(file)) return false;
  if (chain.length > MAX_DEPTH) {
    problems.report('KDL051', node.place, `files import files at most ${MAX_DEPTH} deep`);
    return false;
  }
  if (texts.size < MAX_FILES) return true;
  problems.report('KDL023', node.place, `a pipeline is made of at most ${MAX_FILES} files`);
  return false;
}

function readImport(
  problems: Problems,
  node: WordNode,
  from: string,
  read: ImportReader,
): Extract<ImportedFile, { kind: 'text' }> | null {
  const value = node.args[0];
  if (!value) return null;
  const target = readTarget(problems, node);
  if (!target) return null;
  const found = read(from, target);
  if (found.kind === 'text') return found;
  problems.report('KDL053', value.place, found.message, found.hint === undefined ? {} : { hint: found.hint });
  return null;
}

function readTarget(problems: Problems, node: WordNode): ImportTarget | null {
  const written = String(node.args[0]?.value);
  const place = node.args[0]?.place ?? node.place;
  const ref = findWord(node, 'ref')?.args[0];
  for (const text of [written, String(ref?.value ?? '')]) {
    if (splitText(text).every((part) => part.kind === 'literal')) continue;
    problems.report('KDL028', place, 'which file is imported is not up to a value');
    return null;
  }
  if (ref) {
    const found = splitLibrary(written);
    if (!found) {
      problems.report('KDL053', place, `${JSON.stringify(written)} names no library`, {
        hint: 'write "org/lib", or "org/lib/folder/file.kdl"; a file of this repository has no ref',
      });
      return null;
    }
    if (isRef(String(ref.value))) return { kind: 'library', ...found, ref: String(ref.value) };
    problems.report('KDL014', ref.place, `${JSON.stringify(ref.value)} is no branch, tag or commit`);
    return null;
  }
  const isPath = written.endsWith('.kdl') && !written.startsWith('/') && !/[\\:\p{Cc}]/u.test(written);
  if (isPath) return { kind: 'path', path: written };
  problems.report('KDL053', place, `${JSON.stringify(written)} names no file to import`, {
    hint:
      splitLibrary(written) && !written.endsWith('.kdl')
        ? `a library is imported at a version: import "${written}" ref="v1"`
        : 'write the path of a .kdl file, from the folder of this one: import "ci/templates.kdl"',
  });
  return null;
}

function checkWord(problems: Problems, word: string, nodes: readonly WordNode[], isForeign: boolean): boolean {
  if ((isForeign ? FOREIGN_WORDS : OWN_WORDS).includes(word)) return true;
  for (const { namePlace } of nodes) {
    const message = isForeign
      ? `a file of another repository brings templates, not "${word}"`
      : `"${word}" belongs into the pipeline's own file`;
    problems.report('KDL054', namePlace, message);
  }
  return false;
}
