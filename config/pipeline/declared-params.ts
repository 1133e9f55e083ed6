import { PARAM_TYPES, type ParamDeclaration } from '#core/param.ts';
import type { WordNode } from './shape.ts';
import { findWord, listWord, readChoice, readFlag, readList, readPattern, readText, type Reading } from './values.ts';

/** The parameters as the file declares them; what is wrong with them `readParams` has said. */
export function describeParams(reading: Reading, pipeline: WordNode | null): ParamDeclaration[] {
  return listWord(pipeline ?? NOTHING, 'param').flatMap((node): ParamDeclaration[] => {
    const name = node.args[0]?.value;
    if (typeof name !== 'string') return [];
    const type = readChoice(reading, node, 'type', PARAM_TYPES) ?? 'string';
    const defaults = readList(reading, node, 'default').map(({ text }) => text);
    return [
      {
        ...{ name, type },
        default: findWord(node, 'default') === null ? null : type === 'list' ? defaults : (defaults[0] ?? null),
        match: readPattern(reading, node, 'match'),
        values: readList(reading, node, 'values').map(({ text }) => text),
        required: readFlag(node, 'required'),
        description: readText(reading, node, 'description'),
      },
    ];
  });
}

const NOTHING: WordNode = {
  ...{ name: '', namePlace: { start: 0, end: 0 }, place: { start: 0, end: 0 } },
  ...{ args: [], written: 0, words: new Map(), own: [] },
};
