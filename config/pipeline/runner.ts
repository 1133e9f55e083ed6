import { checkName } from './names.ts';
import type { WordNode } from './shape.ts';
import { findWord, readList, readText, type Reading } from './values.ts';

/** Labels that a machine must have, each once, sorted. */
export function readLabels(reading: Reading, node: WordNode): string[] {
  const labels = readList(reading, node, 'runs-on').flatMap(({ text, value }) =>
    checkName(reading.problems, 'label', 'a label', text, value.place) ? [text] : [],
  );
  return [...new Set(labels)].toSorted();
}

/** `linux/arm64`, `linux/arm/v7`; null if absent or wrong. */
export function readPlatform(reading: Reading, node: WordNode): string | null {
  const value = findWord(node, 'platform')?.args[0];
  const text = readText(reading, node, 'platform');
  if (text === null || !value) return null;
  if (/^linux\/[a-z0-9]+(\/v\d+)?$/.test(text)) return text;
  reading.problems.report('KDL014', value.place, `"${text}" is no platform of containers`, {
    hint: 'write the system and the architecture: platform "linux/arm64"',
  });
  return null;
}
