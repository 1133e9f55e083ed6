import type { SyntaxBlock, SyntaxItem, SyntaxNode, SyntaxPart, SyntaxValue } from './syntax.ts';

const INDENT = '    ';
/** A block written on one line stays on it up to here. */
const WIDTH = 120;

/**
 * The text of a tree: four spaces a level, one node a line, at most one blank line between
 * nodes; a block stays on one line if it was and fits.
 */
export function printSyntax(file: SyntaxBlock): string {
  const lines = printItems(file.items, '');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function printItems(items: readonly SyntaxItem[], indent: string): string[] {
  return items.flatMap((item, index) => {
    const blank = item.hasBlankBefore && index > 0 ? [''] : [];
    const text = item.kind === 'comment' ? item.texts.join(' ') : printNode(item, indent);
    return [...blank, indent + text];
  });
}

/** A node without the indentation of its first line. */
function printNode(node: SyntaxNode, indent: string): string {
  let text = headOf(node);
  for (const part of node.parts) {
    const column = indent.length + text.length - (text.lastIndexOf('\n') + 1);
    text += part.kind === 'break' ? printBreak(part, indent) : separate(text) + printPart(part, indent, column);
  }
  return node.after === null ? text : `${text} ${node.after}`;
}

/** Nothing behind the indentation of a broken line. */
function separate(text: string): string {
  return /\n *$/.test(text) ? '' : ' ';
}

function printBreak({ comment }: Extract<SyntaxPart, { kind: 'break' }>, indent: string): string {
  return ` \\${comment === null ? '' : ` ${comment}`}\n${indent}${INDENT}`;
}

function printPart(part: Exclude<SyntaxPart, { kind: 'break' }>, indent: string, column: number): string {
  if (part.kind !== 'block') return flatPart(part, `${indent}${INDENT}`);
  const mark = part.isHidden ? '/- ' : '';
  const flat = flatBlock(part.block);
  if (flat !== null && column + 1 + mark.length + flat.length <= WIDTH) return mark + flat;
  const { openComment, items } = part.block;
  const open = openComment === null ? '{' : `{ ${openComment}`;
  return [mark + open, ...printItems(items, indent + INDENT), `${indent}}`].join('\n');
}

/** A block as `{ a; b }`, or null where that cannot be. */
function flatBlock({ isOneLine, openComment, items }: SyntaxBlock): string | null {
  if (!isOneLine || openComment !== null) return null;
  const texts: string[] = [];
  for (const item of items) {
    const text = item.kind === 'comment' ? item.texts.join(' ') : flatNode(item);
    if (text === null || text.includes('\n') || text.startsWith('//')) return null;
    texts.push(text);
  }
  return texts.length === 0 ? '{}' : `{ ${texts.join('; ')} }`;
}

function flatNode(node: SyntaxNode): string | null {
  if (node.after !== null) return null;
  const pieces = [headOf(node)];
  for (const part of node.parts) {
    const piece = part.kind === 'break' ? null : part.kind === 'block' ? flatBlock(part.block) : flatPart(part, '');
    if (piece === null) return null;
    pieces.push(part.kind === 'block' && part.isHidden ? `/- ${piece}` : piece);
  }
  return pieces.join(' ');
}

function headOf({ before, isHidden, tag, name }: SyntaxNode): string {
  return [...before, ...(isHidden ? ['/-'] : []), tag + name].join(' ');
}

function flatPart(part: Exclude<SyntaxPart, { kind: 'break' | 'block' }>, indent: string): string {
  if (part.kind === 'comment') return part.text;
  const key = part.kind === 'property' ? `${part.key}=` : '';
  return `${part.isHidden ? '/- ' : ''}${key}${printValue(part.value, indent)}`;
}

function printValue(value: SyntaxValue, indent: string): string {
  // Every list has become values or a node of its own by now.
  if (value.kind === 'list') throw new Error('a list literal is left over');
  return value.tag + indentLines(value.text, indent);
}

/**
 * A string of several lines with new indentation; its value is without. One whose lines
 * are not all indented like its end stays as it is, as does one that joins lines with `\`.
 */
function indentLines(text: string, indent: string): string {
  const raw = /^#*/.exec(text)?.[0].length ?? 0;
  if (!text.startsWith('"""', raw)) return text;
  const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
  const last = lines.at(-1) ?? '';
  const prefix = /^\s*/.exec(last)?.[0] ?? '';
  const inner = lines.slice(1, -1);
  const isBlank = (line: string) => line.trim() === '';
  const joins = raw === 0 && /\\\s/.test(text);
  if (joins || !inner.every((line) => isBlank(line) || line.startsWith(prefix))) return text;
  const moved = inner.map((line) => (isBlank(line) ? '' : indent + line.slice(prefix.length)));
  return [lines[0], ...moved, indent + last.slice(prefix.length)].join('\n');
}
