import { RE2JS } from 're2js';
import { parseDuration } from '#core/duration.ts';
import type { Text } from '#core/text.ts';
import { interpolate, readString } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';

/** Where values are read: what is wrong goes to `problems`, references look into `scope`. */
export interface Reading {
  problems: Problems;
  scope: Scope;
}

/** The single node of a word inside another, or null. */
export function findWord(node: WordNode, word: string): WordNode | null {
  return node.words.get(word)?.[0] ?? null;
}

/** All nodes of a word inside another. */
export function listWord(node: WordNode, word: string): readonly WordNode[] {
  return node.words.get(word) ?? [];
}

/** First argument of a word inside another as a string known now; null if absent or wrong. */
export function readText(reading: Reading, node: WordNode, word: string): string | null {
  const value = findWord(node, word)?.args[0];
  return value ? readString(reading.problems, reading.scope, value) : null;
}

/** First argument of a word inside another as a text that may be late; null if absent or wrong. */
export function readLateText({ problems, scope }: Reading, node: WordNode, word: string): Text | null {
  const value = findWord(node, word)?.args[0];
  return value ? interpolate(problems, scope, value, { secrets: false }) : null;
}

/** All strings of a word that adds up, each with its value's place. */
export function readList(
  { problems, scope }: Reading,
  node: WordNode,
  word: string,
): { text: string; value: KdlValue }[] {
  return listWord(node, word).flatMap((one) =>
    one.args.flatMap((value) => {
      const isText = typeof value.value === 'string' || value.value === null;
      const text = isText ? readString(problems, scope, value) : String(value.value);
      return text === null ? [] : [{ text, value }];
    }),
  );
}

/** Milliseconds of a duration above zero; null if absent or wrong. */
export function readDuration(reading: Reading, node: WordNode, word: string): number | null {
  const value = findWord(node, word)?.args[0];
  const text = readText(reading, node, word);
  if (text === null || !value) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms > 0 && ms <= MAX_DURATION_MS) return ms;
  reading.problems.report('KDL014', value.place, `"${text}" is no duration for ${word}`, {
    hint: 'write a number above zero with ms, s, m, h, d or w: "90s", "1h30m", at most "3650d"',
  });
  return null;
}

const MAX_DURATION_MS = 3_650 * 24 * 3_600_000;

/** One of the values a word allows; null if absent or wrong. */
export function readChoice<Choice extends string>(
  reading: Reading,
  node: WordNode,
  word: string,
  choices: readonly Choice[],
): Choice | null {
  const value = findWord(node, word)?.args[0];
  const text = readText(reading, node, word);
  if (text === null || !value) return null;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  const hint = suggest(text, choices);
  reading.problems.report('KDL014', value.place, `"${text}" is no value of ${word}`, {
    label: `one of: ${choices.join(', ')}`,
    ...(hint?.startsWith('did') ? { hint } : {}),
  });
  return null;
}

/** `word`, `word #true` or `word #false`; false when absent. */
export function readFlag(node: WordNode, word: string, absent = false): boolean {
  const found = findWord(node, word);
  return found ? found.args[0]?.value !== false : absent;
}

/** A whole number in a range; null if absent or wrong. */
export function readInteger(
  { problems }: Reading,
  node: WordNode,
  word: string,
  range: { min: number; max: number },
): number | null {
  const value = findWord(node, word)?.args[0];
  if (typeof value?.value !== 'number') return null;
  if (value.value >= range.min && value.value <= range.max) return value.value;
  problems.report('KDL014', value.place, `${word} is ${range.min} to ${range.max}, not ${value.value}`);
  return null;
}

/** Exit codes of a word that adds up, each 1 to 255. */
export function readExitCodes({ problems }: Reading, node: WordNode): number[] {
  return listWord(node, 'exit').flatMap((one) =>
    one.args.flatMap(({ value, place }) => {
      if (typeof value !== 'number') return [];
      if (value >= 1 && value <= 255) return [value];
      problems.report('KDL014', place, `an exit code of a failure is 1 to 255, not ${value}`);
      return [];
    }),
  );
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes of a size such as "512MiB"; null if absent or wrong. */
export function readSize(reading: Reading, node: WordNode, word: string): number | null {
  const value = findWord(node, word)?.args[0];
  const text = readText(reading, node, word);
  if (text === null || !value) return null;
  const match = /^(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT]i?B|B)$/.exec(text);
  const bytes = match ? Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN)) : 0;
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  reading.problems.report('KDL014', value.place, `"${text}" is no size for ${word}`, {
    hint: 'write a number with B, KB, MB, GB, TB, KiB, MiB, GiB or TiB: "512MiB"',
  });
  return null;
}

/** An RE2 pattern; other dialects can be made to hang. Null if absent or wrong. */
export function readPattern(reading: Reading, node: WordNode, word: string): string | null {
  const value = findWord(node, word)?.args[0];
  const text = readText(reading, node, word);
  if (text === null || !value) return null;
  const wrong = text.length > 1_000 ? 'longer than 1,000 characters' : findPatternError(text);
  if (wrong === null) return text;
  reading.problems.report('KDL039', value.place, `this is no RE2 pattern: ${wrong}`, {
    hint: 'RE2 has no look-around and no back-references',
  });
  return null;
}

function findPatternError(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Whether a pattern (checked before) is found in a value. */
export function matchesPattern(pattern: string, value: string): boolean {
  return RE2JS.compile(pattern).matcher(value).find();
}
