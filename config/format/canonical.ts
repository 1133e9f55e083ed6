import type { KdlNode } from '../pipeline/kdl.ts';
import { normalizeCondition } from '../pipeline/older-condition.ts';
import { printScalar } from '../pipeline/print.ts';
import { splitText } from '../pipeline/references.ts';
import { createSource, type Source } from '../pipeline/source.ts';
import { placeWithin } from '../pipeline/strings.ts';
import { currentName, type Word } from '../pipeline/word.ts';
import { FILE_WORD } from '../pipeline/words.ts';
import { trimBreaks } from './breaks.ts';
import { isEmptyList, spellLists } from './lists.ts';
import type { SyntaxBlock, SyntaxItem, SyntaxNode, SyntaxValue } from './syntax.ts';
import { innerWord, type TextKind, textKindOf } from './text-kind.ts';

/** Values of the parser by where they begin; what stands behind `/-` is not among them. */
type ParsedValues = ReadonlyMap<number, ParsedValue>;
type ParsedValue = KdlNode['args'][number];

interface Spelling {
  source: Source;
  values: ParsedValues;
}

/**
 * Rewrites a tree into the canonical spelling, in place (LANGUAGE §1, §12): keywords of
 * KDL 2, strings in quotes, names without, lists as child nodes, `${path}`, conditions as
 * CEL. Scripts stay as they are, letter for letter.
 */
export function makeCanonical(file: SyntaxBlock, text: string, nodes: readonly KdlNode[]): void {
  const values = new Map<number, ParsedValue>();
  collectValues(nodes, values);
  spellBlock({ source: createSource('', text), values }, file, FILE_WORD);
}

function collectValues(nodes: readonly KdlNode[], into: Map<number, ParsedValue>): void {
  for (const node of nodes) {
    for (const value of node.args) into.set(value.place.start, value);
    for (const { value } of node.properties) if (value) into.set(value.place.start, value);
    collectValues(node.children, into);
  }
}

function spellBlock(spelling: Spelling, block: SyntaxBlock, word: Word | null): void {
  block.items = block.items.flatMap((item): SyntaxItem[] => {
    if (item.kind === 'comment') return [item];
    item.name = currentName(word, spellName(item.name));
    const isDropped = isEmptyList(item, innerWord(word, item.name));
    spellNode(spelling, item, word);
    return isDropped ? commentsOf(item) : [item];
  });
}

/** The comments of a node that goes. */
function commentsOf({ before, parts, after, hasBlankBefore }: SyntaxNode): SyntaxItem[] {
  const inner = parts.flatMap((part) =>
    part.kind === 'comment' ? [part.text] : part.kind === 'break' && part.comment !== null ? [part.comment] : [],
  );
  const texts = [...before, ...inner, ...(after === null ? [] : [after])];
  return texts.map((text, index) => ({
    kind: 'comment',
    hasBlankBefore: hasBlankBefore && index === 0,
    texts: [text],
  }));
}

function spellNode(spelling: Spelling, node: SyntaxNode, around: Word | null): void {
  const word = innerWord(around, node.name);
  for (const part of node.parts) {
    switch (part.kind) {
      case 'argument':
        spellValue(spelling, part.value, textKindOf(around, node.name));
        break;
      case 'property':
        part.key = currentName(word, spellName(part.key));
        spellValue(spelling, part.value, textKindOf(word, part.key));
        break;
      case 'block':
        spellBlock(spelling, part.block, word);
        break;
      case 'comment':
      case 'break':
        break;
      default:
        part satisfies never;
    }
  }
  spellLists(node, (key) => innerWord(word, key));
  trimBreaks(node);
}

/** `"stage"` as a name is `stage`. */
function spellName(name: string): string {
  const bare = /^"([A-Za-z_][A-Za-z0-9_-]*)"$/.exec(name)?.[1];
  return bare === undefined || /^(true|false|null|inf|nan)$/.test(bare) ? name : bare;
}

function spellValue(spelling: Spelling, value: SyntaxValue, kind: TextKind): void {
  if (value.kind === 'list') {
    for (const part of value.parts) if (part.kind === 'argument') spellValue(spelling, part.value, kind);
  } else if (/^["#]/.test(value.text)) {
    if (value.text.includes('"')) value.text = spellReferences(spelling, value, kind);
  } else if (/^(true|false|null)$/.test(value.text)) value.text = `#${value.text}`;
  // Numbers stay; every other word without quotes is a string.
  else if (!/^[+-]?\d/.test(value.text)) value.text = `"${value.text}"`;
}

/** A string with its references as `${path}`; that of `when` as CEL; a script as it is. */
function spellReferences(
  { source, values }: Spelling,
  { text, start }: Extract<SyntaxValue, { kind: 'scalar' }>,
  kind: TextKind,
): string {
  const parsed = values.get(start);
  if (kind === 'script' || typeof parsed?.value !== 'string') return text;
  if (kind === 'condition') return spellCondition(text, parsed.value);
  let spelled = '';
  let end = start;
  for (const part of splitText(parsed.value)) {
    if (part.kind !== 'reference' || parsed.value[part.start] !== '{') continue;
    const place = placeWithin(source, parsed, part.start, part.end);
    // Written with an escape: its braces are no braces of the text.
    if (place.start <= start || source.text[place.start] !== '{') continue;
    spelled += `${source.text.slice(end, place.start)}$`;
    end = place.start;
  }
  return spelled === '' ? text : spelled + text.slice(end - start);
}

/** Only the older form has braces outside quotes. */
function spellCondition(text: string, condition: string): string {
  if (!condition.replaceAll(/"[^"]*"|'[^']*'/g, '').includes('{')) return text;
  const { expression, inQuotes } = normalizeCondition(condition);
  const isStable = inQuotes.length === 0 && normalizeCondition(expression).expression === expression;
  return isStable && expression !== condition ? printScalar(expression) : text;
}
