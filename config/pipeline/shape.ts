import type { KdlNode, KdlProperty, KdlValue } from './kdl.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Frames } from './reuse/frames.ts';
import type { Place } from './source.ts';
import { type Argument, currentName, takesList, type Word } from './word.ts';
import { FILE_WORD, listWords } from './words.ts';

/** A node whose word is known, with its properties and children as one kind of thing. */
export interface WordNode {
  /** The word, or the user's own name inside `env`, `include` and the like. */
  name: string;
  namePlace: Place;
  place: Place;
  /** As many and of the types the word wants; what did not fit is reported and left out. */
  args: KdlValue[];
  /** How many values are written, whatever they are. */
  written: number;
  /** What stands inside, in the order of the file, by word. */
  words: ReadonlyMap<string, WordNode[]>;
  /** What stands inside under names of the user's own. */
  own: WordNode[];
  /** Of a stage that uses templates: their parameters, and for each text of theirs the place that uses it. */
  reused?: { frames: Frames; uses: ReadonlyMap<object, Place> };
}

/** Checks a parsed file against the words of the language and answers its top level. */
export function shapeFile(problems: Problems, nodes: readonly KdlNode[], root: Word = FILE_WORD): WordNode {
  const place = { start: 0, end: 0 };
  const file: KdlNode = {
    name: 'file',
    namePlace: place,
    place,
    args: [],
    properties: [],
    children: [...nodes],
    hasEmptyList: false,
  };
  return shape(problems, file, root, 'at the top of a file');
}

function shape(problems: Problems, node: KdlNode, word: Word, where: string): WordNode {
  const words = new Map<string, WordNode[]>();
  const own: WordNode[] = [];
  const inside = `in "${node.name}"`;
  for (const written of listEntries(node)) {
    const entry = { ...written, name: currentName(word, written.name) };
    const known = Object.hasOwn(word.words, entry.name) ? word.words[entry.name] : undefined;
    const inner = known ?? word.open;
    if (!inner) {
      reportUnknown(problems, entry, word, where === 'at the top of a file' ? where : inside);
      continue;
    }
    const shaped = shape(problems, entry, inner, inside);
    if (!known) {
      own.push(shaped);
      continue;
    }
    const before = words.get(entry.name);
    const first = before?.[0];
    if (first && known.repeat === 'once') {
      problems.report('KDL010', entry.namePlace, `"${entry.name}" is given twice ${inside}`, {
        related: [{ place: first.namePlace, message: 'first given here' }],
        hint: 'keep one of the two',
      });
    } else if (before) before.push(shaped);
    else words.set(entry.name, [shaped]);
  }
  const { name, namePlace, place } = node;
  return { name, namePlace, place, args: checkArguments(problems, node, word), written: node.args.length, words, own };
}

/** Properties and children alike as nodes, in the order of the file. */
function listEntries(node: KdlNode): KdlNode[] {
  return [...node.properties.map(propertyToNode), ...node.children];
}

function propertyToNode(property: KdlProperty): KdlNode {
  return {
    name: property.key,
    namePlace: property.keyPlace,
    place: property.place,
    args: property.value ? [property.value] : [],
    properties: [],
    children: [],
    hasEmptyList: property.value === null,
  };
}

function reportUnknown(problems: Problems, entry: KdlNode, word: Word, where: string): void {
  const elsewhere = listWords()
    .map(({ path }) => path.split('/'))
    .filter((path) => path.at(-1) === entry.name)
    .map((path) => path.at(-2) ?? 'the top of a file');
  const hint =
    elsewhere.length > 0
      ? `"${entry.name}" belongs ${[...new Set(elsewhere)].map((one) => `in ${one}`).join(' or ')}`
      : suggest(entry.name, Object.keys(word.words));
  problems.report('KDL006', entry.namePlace, `unknown word "${entry.name}" ${where}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}

function checkArguments(problems: Problems, node: KdlNode, word: Word): KdlValue[] {
  const { args } = word;
  const rest = takesList(args);
  const least = node.hasEmptyList && rest ? 0 : args.filter((one) => one.need === 'one' || one.need === 'many').length;
  if (node.args.length < least) {
    const missing = args[node.args.length];
    problems.report('KDL009', node.namePlace, `"${node.name}" wants ${describe(args)}`, {
      label: `${missing?.name ?? 'a value'} is missing`,
      ...(node.args.length === 0 && missing ? { hint: exampleOf(node.name, args) } : {}),
    });
  }
  const extra = rest ? undefined : node.args[args.length];
  if (extra) {
    problems.report('KDL009', extra.place, `"${node.name}" wants ${describe(args)}`, {
      label: 'one value too many',
      ...(node.args.length > 1 && args.length === 1 ? { hint: `write "${node.name}" once for each` } : {}),
    });
  }
  return node.args.filter((value, index) => {
    const argument = args[index] ?? (rest ? args.at(-1) : undefined);
    return argument !== undefined && checkType(problems, node.name, value, argument);
  });
}

function checkType(problems: Problems, name: string, { value, place }: KdlValue, argument: Argument): boolean {
  if (isOfType(value, argument.type)) return true;
  const written = (place.source ?? problems.source).text.slice(place.start, place.end);
  const wantsText = argument.type === 'string' && value !== null;
  const hint = wantsText
    ? `write it in quotes: "${written.replace(/^#/, '')}"`
    : argument.type === 'boolean'
      ? 'write #true or #false'
      : undefined;
  problems.report(
    'KDL008',
    place,
    `"${name}" wants ${TYPE_NAMES[argument.type]} as its ${argument.name}, not ${kindOf(value)}`,
    hint === undefined ? {} : { hint },
  );
  return false;
}

const TYPE_NAMES: Readonly<Record<Argument['type'], string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  'number-or-string': 'a number',
  scalar: 'a value',
  boolean: '#true or #false',
};

function isOfType(value: KdlValue['value'], type: Argument['type']): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'number-or-string':
      return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
    case 'scalar':
      return value !== null;
    case 'boolean':
      return typeof value === 'boolean';
    default:
      throw new Error(`unknown type ${String(type satisfies never)}`);
  }
}

function kindOf(value: KdlValue['value']): string {
  if (value === null) return '#null';
  if (typeof value === 'boolean') return value ? '#true' : '#false';
  return typeof value === 'number' ? 'a number' : 'a string';
}

function describe(args: readonly Argument[]): string {
  if (args.length === 0) return 'no value of its own';
  return args
    .map(({ name, need }) =>
      need === 'many'
        ? `one or more of ${name}`
        : need === 'any'
          ? `any number of ${name}`
          : need === 'optional'
            ? `at most one ${name}`
            : `one ${name}`,
    )
    .join(' and ');
}

function exampleOf(name: string, args: readonly Argument[]): string {
  const values = args.map((one) => (one.type === 'integer' ? '1' : `"${one.name}"`)).join(' ');
  return `write: ${name} ${values}`;
}
