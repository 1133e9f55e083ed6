import { type Inline, parseInline } from './parse-inline.ts';

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3 | 4; inside: Inline[] }
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; isOrdered: boolean; items: { isDone: boolean | null; blocks: Block[] }[] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

const MAX_DEPTH = 8;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +)(.*)$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const DELIMITERS = /^ {0,3}\|?[\s:|-]*-[\s:|-]*$/;

/** Blocks of a subset of Markdown without HTML (UI §1.10): headings, lists, tables, code, quotes. */
export function parseBlocks(text: string, depth = 0): Block[] {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at++;
      continue;
    }
    const { block, next } = readBlock(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function readBlock(lines: readonly string[], at: number, depth: number): { block: Block; next: number } {
  const line = lines[at] ?? '';
  const fence = FENCE.exec(line)?.[1];
  if (fence) return readCode(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) {
    const level = Math.min((heading[1] ?? '').length, 4) as 1 | 2 | 3 | 4;
    return { block: { kind: 'heading', level, inside: parseInline(heading[2] ?? '') }, next: at + 1 };
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 };
  if (depth < MAX_DEPTH && /^ {0,3}>/.test(line)) return readQuote(lines, at, depth);
  if (depth < MAX_DEPTH && ITEM.test(line)) return readList(lines, at, depth);
  if (line.includes('|') && DELIMITERS.test(lines[at + 1] ?? '')) return readTable(lines, at);
  return readParagraph(lines, at);
}

function readCode(lines: readonly string[], at: number, fence: string): { block: Block; next: number } {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(fence)) end++;
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function readQuote(lines: readonly string[], at: number, depth: number): { block: Block; next: number } {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? '')) end++;
  const inside = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  return { block: { kind: 'quote', blocks: parseBlocks(inside.join('\n'), depth + 1) }, next: end };
}

function readList(lines: readonly string[], at: number, depth: number): { block: Block; next: number } {
  const isOrdered = /\d/.test(ITEM.exec(lines[at] ?? '')?.[2] ?? '');
  const items: { isDone: boolean | null; blocks: Block[] }[] = [];
  let next = at;
  while (next < lines.length) {
    const item = ITEM.exec(lines[next] ?? '');
    if (!item || /\d/.test(item[2] ?? '') !== isOrdered) break;
    const [, indent = '', mark = '', space = '', first = ''] = item;
    const width = indent.length + mark.length + space.length;
    const inside = [first];
    next++;
    for (; next < lines.length; next++) {
      const line = lines[next] ?? '';
      const isInside = line.startsWith(' '.repeat(Math.min(width, 2)));
      const isLoose = line.trim() === '' && (lines[next + 1] ?? '').startsWith(' '.repeat(2));
      if (!isInside && !isLoose) break;
      inside.push(line.replace(new RegExp(`^ {0,${width}}`), ''));
    }
    const [, box] = /^\[([ xX])\] /.exec(first) ?? [];
    const text = inside.join('\n').slice(box === undefined ? 0 : 4);
    items.push({ isDone: box === undefined ? null : box !== ' ', blocks: parseBlocks(text, depth + 1) });
  }
  return { block: { kind: 'list', isOrdered, items }, next };
}

function readTable(lines: readonly string[], at: number): { block: Block; next: number } {
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end++;
  const head = splitCells(lines[at] ?? '');
  const rows = lines.slice(at + 2, end).map((line) => {
    const cells = splitCells(line);
    return head.map((_, index) => parseInline(cells[index] ?? ''));
  });
  return { block: { kind: 'table', head: head.map((cell) => parseInline(cell)), rows }, next: end };
}

function splitCells(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.replaceAll('\\|', '|').trim());
}

function readParagraph(lines: readonly string[], at: number): { block: Block; next: number } {
  let end = at + 1;
  while (end < lines.length && !startsBlock(lines[end] ?? '')) end++;
  return { block: { kind: 'paragraph', inside: parseInline(lines.slice(at, end).join('\n').trim()) }, next: end };
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === '' || [FENCE, HEADING, ITEM, RULE].some((pattern) => pattern.test(line)) || /^ {0,3}>/.test(line)
  );
}
