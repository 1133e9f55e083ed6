import type { ReportRule } from '#core/plan.ts';
import { checkWorkspacePath } from './artifacts.ts';
import type { WordNode } from './shape.ts';
import { listWord, readChoice, readList, type Reading } from './values.ts';

/** Test reports of a stage; absent when it has none. */
export function readReports(reading: Reading, stage: WordNode): { reports?: ReportRule[] } {
  const rules = listWord(stage, 'report').flatMap((node): ReportRule[] => {
    const [kind, ...globs] = node.args;
    const paths = readGlobs(reading, holding(node, globs), 'report');
    const known = readChoice(reading, holding(node, kind ? [kind] : []), 'report', ['junit']);
    return known === null || paths.length === 0 ? [] : [{ kind: known, paths }];
  });
  return rules.length === 0 ? {} : { reports: rules };
}

/** Markdown files that a stage shows with its run; absent when it names none. */
export function readNotes(reading: Reading, stage: WordNode): { notes?: string[] } {
  const notes = readGlobs(reading, stage, 'annotate');
  return notes.length === 0 ? {} : { notes };
}

/** The node as if it stood in another with these values alone. */
function holding(node: WordNode, args: WordNode['args']): WordNode {
  return { ...node, words: new Map([['report', [{ ...node, args }]]]) };
}

function readGlobs(reading: Reading, node: WordNode, word: string): string[] {
  return readList(reading, node, word).flatMap(({ text, value }) =>
    checkWorkspacePath(reading.problems, text, value.place) ? [text.replace(/^\.\//, '')] : [],
  );
}
