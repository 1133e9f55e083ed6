import { currentName, type Word } from '../pipeline/word.ts';

/** What a string is: a script, which is never touched, a condition, or text with references. */
export type TextKind = 'script' | 'condition' | 'text';

/** The word that a name is inside another; null where the language knows none. */
export function innerWord(around: Word | null, written: string): Word | null {
  const name = currentName(around, written);
  if (around && Object.hasOwn(around.words, name)) return around.words[name] ?? null;
  return around?.open ?? null;
}

/** What the strings of a word are. `run` and `when` in a block of variables are names like any other. */
export function textKindOf(around: Word | null, name: string): TextKind {
  if (around && !Object.hasOwn(around.words, name)) return 'text';
  if (name === 'run') return 'script';
  return name === 'when' ? 'condition' : 'text';
}
