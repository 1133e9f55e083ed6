import type { Diagnostic } from '#core/diagnostic.ts';
import { checkSize, LIMITS } from '../pipeline/guard.ts';
import { lexKdl } from '../pipeline/lexer.ts';
import { parseFile } from '../pipeline/parse.ts';
import { collectProblems } from '../pipeline/problems.ts';
import { createSource } from '../pipeline/source.ts';
import { makeCanonical } from './canonical.ts';
import { isSameMeaning, listComments } from './meaning.ts';
import { printSyntax } from './print-syntax.ts';
import { readSyntax } from './read-syntax.ts';

export type Formatted =
  | { kind: 'formatted'; text: string }
  /** The text does not parse, or would be too large with its indentation. */
  | { kind: 'wrong'; diagnostics: Diagnostic[] };

/**
 * A pipeline file in its canonical spelling (LANGUAGE §1, §12), with every comment. What it
 * says stays the same, which is checked here on the result: a text that would say anything
 * else is never answered (throws).
 */
export function formatFile(file: string, text: string): Formatted {
  const problems = collectProblems(createSource(file, text));
  const nodes = parseFile(problems);
  if (!nodes) return { kind: 'wrong', diagnostics: problems.list() };
  const { tokens } = lexKdl(text, LIMITS.depth);
  const tree = readSyntax(text, tokens);
  makeCanonical(tree, text, nodes);
  const formatted = printSyntax(tree);
  const grown = collectProblems(createSource(file, formatted));
  if (!checkSize(grown)) return { kind: 'wrong', diagnostics: grown.list() };
  const after = parseFile(grown);
  if (!after || !isSameMeaning(nodes, after)) throw new Error(`formatting would change what ${file} says`);
  if (listComments(text).join('\n') !== listComments(formatted).join('\n')) {
    throw new Error(`formatting would lose a comment of ${file}`);
  }
  return { kind: 'formatted', text: formatted };
}
