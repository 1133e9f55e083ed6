import type { Word } from '#config/pipeline/word.ts';
import { type Declared, namesOf } from './declarations.ts';
import { describeWord } from './describe.ts';
import type { Position } from './position.ts';

/** Something that may stand at a place, with the text that is put there. */
export interface Proposal {
  kind: 'word' | 'key' | 'choice' | 'stage';
  label: string;
  text: string;
  documentation: string;
}

/** What may stand at a position: words, keys, the values a word allows, names of stages. */
export function propose(position: Position, declared: readonly Declared[]): Proposal[] {
  switch (position.kind) {
    case 'name':
      return listWords(position.around).map(([name, word]) => ({
        ...{ kind: 'word', label: name, text: name },
        documentation: describeWord(name, word),
      }));
    case 'key':
      // A word with one value and nothing that must stand inside can be a property.
      return listWords(position.around)
        .filter(([, { args }]) => args.length === 1)
        .map(([name, word]) => ({
          ...{ kind: 'key', label: name, text: `${name}=` },
          documentation: describeWord(name, word),
        }));
    case 'value':
      return proposeValues(position, declared);
    case 'nothing':
      return [];
    default:
      return position satisfies never;
  }
}

function proposeValues(
  { word, name, index }: Extract<Position, { kind: 'value' }>,
  declared: readonly Declared[],
): Proposal[] {
  const kinds = namesOf(name);
  if (kinds.length > 0) {
    return declared
      .filter((one) => kinds.includes(one.kind))
      .map((one) => ({ kind: 'stage', label: one.name, text: one.name, documentation: one.kind }));
  }
  const argument = word?.args[Math.min(index, word.args.length - 1)];
  const choices = argument?.type === 'boolean' ? ['#true', '#false'] : (argument?.choices ?? []);
  return choices.map((choice) => ({ kind: 'choice', label: choice, text: choice, documentation: word?.summary ?? '' }));
}

function listWords(around: Word): [string, Word][] {
  return Object.entries(around.words);
}
