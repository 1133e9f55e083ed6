import { takesList, type Word } from '../pipeline/word.ts';
import { trimBreaks } from './breaks.ts';
import type { SyntaxNode, SyntaxPart } from './syntax.ts';

type Property = Extract<SyntaxPart, { kind: 'property' }>;

/**
 * List literals, and properties written twice, as KDL 2 has them: values of a word that
 * adds up are arguments of one child node, a word that repeats is a child node for each
 * value. `wordOf` answers the word that a property of the node is.
 */
export function spellLists(node: SyntaxNode, wordOf: (key: string) => Word | null): void {
  const children: SyntaxNode[] = [];
  const counts = countProperties(node.parts);
  node.parts = node.parts.flatMap((part): SyntaxPart[] => {
    switch (part.kind) {
      case 'argument':
        return part.value.kind === 'list' ? hideAll(part.value.parts, part.isHidden) : [part];
      case 'property': {
        const values = listValues(part);
        const hasOne = values.length === 1 && values.filter(isArgument).length === 1;
        const word = wordOf(part.key);
        // Nothing at all is what a list without values says.
        if (!part.isHidden && !values.some(isArgument) && isListWord(word)) return values;
        const isSingle = hasOne && (part.isHidden || counts.get(part.key) === 1);
        const repeat = word?.repeat ?? 'once';
        const isKept = repeat === 'once' && !part.isHidden && values.some(isArgument);
        if (isSingle || isKept) return values.map((value) => toProperty(part, value));
        addChildren(children, part, values, repeat);
        return [];
      }
      case 'block':
      case 'comment':
      case 'break':
        return [part];
      default:
        return part satisfies never;
    }
  });
  for (const child of children) trimBreaks(child);
  if (children.length > 0) prepend(node, children);
}

/** A node whose only content is a list literal without values: it says nothing, and KDL 2 has no spelling for it. */
export function isEmptyList({ parts, isHidden }: SyntaxNode, word: Word | null): boolean {
  const lists = parts.filter((part) => part.kind === 'argument' && part.value.kind === 'list');
  const entries = parts.filter((part) => part.kind !== 'comment' && part.kind !== 'break');
  const isEmpty = lists.length > 0 && lists.every((part) => !hasValues(part)) && entries.length === lists.length;
  return isEmpty && !isHidden && isListWord(word);
}

function hasValues(part: SyntaxPart): boolean {
  return part.kind === 'argument' && part.value.kind === 'list' && part.value.parts.some(isArgument);
}

function isListWord(word: Word | null): boolean {
  return word !== null && takesList(word.args);
}

/** How often each property is written; a list that is not of one value counts twice. */
function countProperties(parts: readonly SyntaxPart[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const part of parts) {
    if (part.kind !== 'property' || part.isHidden) continue;
    counts.set(part.key, (counts.get(part.key) ?? 0) + (listValues(part).length === 1 ? 1 : 2));
  }
  return counts;
}

/** The values of a property with the comments between them. */
function listValues({ value }: Property): SyntaxPart[] {
  return value.kind === 'list' ? value.parts : [{ kind: 'argument', isHidden: false, value }];
}

function hideAll(parts: readonly SyntaxPart[], isHidden: boolean): SyntaxPart[] {
  return parts.map((part) => (part.kind === 'argument' ? { ...part, isHidden } : part));
}

function toProperty(property: Property, part: SyntaxPart): SyntaxPart {
  return part.kind === 'argument' ? { ...property, value: part.value } : part;
}

function addChildren(
  children: SyntaxNode[],
  { key, isHidden }: Property,
  values: readonly SyntaxPart[],
  repeat: Word['repeat'],
): void {
  const child = (parts: SyntaxPart[]): SyntaxNode => ({
    kind: 'node',
    hasBlankBefore: false,
    before: [],
    isHidden,
    tag: '',
    name: key,
    parts,
    after: null,
  });
  const same = children.find((one) => one.name === key && one.isHidden === isHidden);
  if (repeat === 'many' && values.some(isArgument)) {
    // A comment stays with the value behind it, the last ones with the last value.
    let parts: SyntaxPart[] = [];
    for (const [index, value] of values.entries()) {
      parts.push(value);
      if (!isArgument(value) || !values.slice(index + 1).some(isArgument)) continue;
      children.push(child(parts));
      parts = [];
    }
    children.push(child(parts));
  } else if (repeat === 'adds' && same && !isHidden) same.parts.push(...values);
  else children.push(child([...values]));
}

function isArgument(part: SyntaxPart): boolean {
  return part.kind === 'argument';
}

/** Puts the nodes first in the block of a node, which gets one if it has none. */
function prepend(node: SyntaxNode, children: readonly SyntaxNode[]): void {
  const part = node.parts.find((one) => one.kind === 'block' && !one.isHidden);
  if (part?.kind === 'block') part.block.items.unshift(...children);
  else {
    const block = { items: [...children], openComment: null, isOneLine: true };
    node.parts.push({ kind: 'block', isHidden: false, block });
  }
}
