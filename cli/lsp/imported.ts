import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Token } from '#config/pipeline/lexer.ts';
import { readImportsOf } from '../file/imports.ts';
import { type Declared, listDeclared, listImportPaths } from './declarations.ts';
import { readTokens } from './tokens.ts';

/** A template of another file. */
export interface Imported extends Declared {
  uri: string;
  /** Of its file. */
  text: string;
}

/** Files that are looked at for one answer; an editor does not wait for more. */
const MAX_FILES = 50;

/** Templates of the files that a file of this machine imports by path, and of those that they import. */
export function listImported(uri: string, text: string, tokens: readonly Token[]): Imported[] {
  if (!uri.startsWith('file:')) return [];
  const path = fileURLToPath(uri);
  const folder = dirname(path);
  const main = basename(path);
  const read = readImportsOf({ path, shown: main }, folder);
  const seen = new Set([main]);
  const found: Imported[] = [];
  const open = [{ name: main, paths: listImportPaths(text, tokens) }];
  for (let next = open.shift(); next && seen.size < MAX_FILES; next = open.shift()) {
    for (const imported of next.paths) {
      const file = read(next.name, { kind: 'path', path: imported });
      if (file.kind === 'refused' || seen.has(file.file)) continue;
      seen.add(file.file);
      const own = readTokens(file.text);
      const at = { uri: pathToFileURL(resolve(folder, file.file)).toString(), text: file.text };
      const templates = listDeclared(file.text, own).filter(({ kind }) => kind === 'template');
      found.push(...templates.map((one) => ({ ...one, ...at })));
      open.push({ name: file.file, paths: listImportPaths(file.text, own) });
    }
  }
  return found;
}
