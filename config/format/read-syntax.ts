import type { Token } from '../pipeline/lexer.ts';
import type { SyntaxBlock, SyntaxNode, SyntaxPart, SyntaxValue } from './syntax.ts';

/** The tokens of a text that the parser has accepted, with a place in them. */
interface Reader {
  text: string;
  tokens: readonly Token[];
  index: number;
}

/**
 * Reads tokens into a tree that keeps what the parser's own tree drops: comments, `/-`,
 * line breaks and spellings. The text must have passed the parser, which alone knows what
 * is wrong with one; a token that fits nowhere throws.
 */
export function readSyntax(text: string, tokens: readonly Token[]): SyntaxBlock {
  const reader = { text, tokens, index: 0 };
  const file = readBlock(reader);
  if (reader.index < tokens.length) throw unexpected(reader);
  return file;
}

function readBlock(reader: Reader): SyntaxBlock {
  const block: SyntaxBlock = { items: [], openComment: null, isOneLine: true };
  let newlines = 0;
  /** Block comments of this line that no node has claimed. */
  let pending: string[] = [];
  /** The last node, while its line goes on. */
  let last = null as SyntaxNode | null;
  const addComments = (texts: string[]) => {
    block.items.push({ kind: 'comment', hasBlankBefore: newlines > 1 && block.items.length > 0, texts });
    newlines = 0;
  };
  const addNode = (isHidden: boolean) => {
    last = readNode(reader, isHidden, pending, newlines > 1 && block.items.length > 0);
    block.items.push(last);
    pending = [];
    newlines = 0;
  };
  const settle = () => {
    if (pending.length === 0) return;
    if (last && last.after === null) last.parts.push(...pending.map(toPart));
    else addComments(pending);
    pending = [];
  };
  for (let token = peek(reader); token && token.kind !== '}'; token = peek(reader)) {
    switch (token.kind) {
      case 'newline':
        settle();
        reader.index++;
        newlines++;
        last = null;
        block.isOneLine = false;
        break;
      case 'continue':
      case ';':
        reader.index++;
        break;
      case 'comment': {
        reader.index++;
        const comment = textOf(reader, token);
        if (!comment.startsWith('//')) pending.push(comment);
        else if (last && last.after === null) {
          settle();
          last.after = comment;
        } else if (pending.length === 0 && newlines === 0 && block.items.length === 0 && isAfterBrace(reader)) {
          block.openComment = comment;
        } else {
          addComments([...pending, comment]);
          pending = [];
        }
        break;
      }
      case 'slashdash': {
        reader.index++;
        for (const comment of skipSpace(reader)) {
          if (comment.startsWith('//')) {
            addComments([...pending, comment]);
            pending = [];
          } else pending.push(comment);
        }
        addNode(true);
        break;
      }
      case 'string':
      case 'bare':
      case '(':
        addNode(false);
        break;
      case '=':
      case '{':
      case ')':
      case '[':
      case ']':
        throw unexpected(reader);
      default:
        token.kind satisfies never;
    }
  }
  settle();
  return block;
}

/** Whether the line comment just read stands behind the brace that opened the block. */
function isAfterBrace({ tokens, index }: Reader): boolean {
  return tokens[index - 2]?.kind === '{';
}

function readNode(reader: Reader, isHidden: boolean, before: readonly string[], hasBlankBefore: boolean): SyntaxNode {
  const comments = [...before];
  const tag = readTag(reader, comments);
  const name = take(reader, 'string', 'bare');
  const node: SyntaxNode = {
    kind: 'node',
    hasBlankBefore,
    before: comments,
    isHidden,
    tag,
    name: textOf(reader, name),
    parts: [],
    after: null,
  };
  for (let token = peek(reader); token; token = peek(reader)) {
    if (token.kind === 'newline' || token.kind === ';' || token.kind === '}') break;
    if (token.kind === 'comment' && textOf(reader, token).startsWith('//')) {
      node.after = textOf(reader, token);
      reader.index++;
      break;
    }
    node.parts.push(...readParts(reader, token));
  }
  return node;
}

/** The next part, behind the comments that were found inside it. */
function readParts(reader: Reader, token: Token): SyntaxPart[] {
  if (token.kind === 'comment') {
    reader.index++;
    return [toPart(textOf(reader, token))];
  }
  if (token.kind === 'continue') {
    reader.index++;
    return readBreak(reader);
  }
  if (token.kind !== 'slashdash') return readEntry(reader, token, false);
  reader.index++;
  const comments = skipSpace(reader).map(toPart);
  const hidden = peek(reader);
  if (!hidden) throw unexpected(reader);
  return [...comments, ...readEntry(reader, hidden, true)];
}

function readBreak(reader: Reader): SyntaxPart[] {
  const parts: SyntaxPart[] = [];
  for (let token = peek(reader); token; token = peek(reader)) {
    if (token.kind !== 'comment' && token.kind !== 'newline') break;
    reader.index++;
    if (token.kind === 'newline') break;
    parts.push(toPart(textOf(reader, token)));
  }
  return parts.some(({ kind }) => kind === 'break') ? parts : [...parts, { kind: 'break', comment: null }];
}

function readEntry(reader: Reader, token: Token, isHidden: boolean): SyntaxPart[] {
  if (token.kind === '{') {
    reader.index++;
    const block = readBlock(reader);
    take(reader, '}');
    return [{ kind: 'block', isHidden, block }];
  }
  const start = reader.index;
  const comments: string[] = [];
  if (token.kind === 'string' || token.kind === 'bare') {
    reader.index++;
    comments.push(...skipSpace(reader));
    if (peek(reader)?.kind === '=') {
      reader.index++;
      comments.push(...skipSpace(reader));
      const value = readValue(reader, comments);
      return [...comments.map(toPart), { kind: 'property', isHidden, key: textOf(reader, token), value }];
    }
  }
  reader.index = start;
  const inTag: string[] = [];
  const value = readValue(reader, inTag);
  return [...inTag.map(toPart), { kind: 'argument', isHidden, value }];
}

function readValue(reader: Reader, comments: string[]): SyntaxValue {
  const tag = readTag(reader, comments);
  if (peek(reader)?.kind !== '[') return readScalar(reader, tag);
  reader.index++;
  const parts: SyntaxPart[] = [];
  for (let token = peek(reader); token && token.kind !== ']'; token = peek(reader)) {
    if (token.kind === 'newline') reader.index++;
    else if (token.kind === 'comment') {
      reader.index++;
      parts.push(toPart(textOf(reader, token)));
    } else {
      parts.push({ kind: 'argument', isHidden: false, value: readScalar(reader, '') });
    }
  }
  take(reader, ']');
  return { kind: 'list', parts };
}

function readScalar(reader: Reader, tag: string): SyntaxValue {
  const token = take(reader, 'string', 'bare');
  return { kind: 'scalar', tag, text: textOf(reader, token), start: token.start };
}

/** `(u8)` as it is written, or nothing. */
function readTag(reader: Reader, comments: string[]): string {
  if (peek(reader)?.kind !== '(') return '';
  reader.index++;
  comments.push(...skipSpace(reader));
  const name = take(reader, 'string', 'bare');
  comments.push(...skipSpace(reader));
  take(reader, ')');
  comments.push(...skipSpace(reader));
  return `(${textOf(reader, name)})`;
}

/** Skips what may stand between the pieces of a part; answers its comments. */
function skipSpace(reader: Reader): string[] {
  const comments: string[] = [];
  const start = reader.index;
  for (let token = peek(reader); token; token = peek(reader)) {
    if (token.kind === 'comment') comments.push(textOf(reader, token));
    else if (token.kind !== 'newline' && token.kind !== 'continue') return comments;
    reader.index++;
  }
  reader.index = start;
  return comments;
}

/** A line comment between parts can only stand behind `\`. */
function toPart(comment: string): SyntaxPart {
  return comment.startsWith('//') ? { kind: 'break', comment } : { kind: 'comment', text: comment };
}

function textOf({ text }: Reader, { start, end }: Token): string {
  return text.slice(start, end).trimEnd();
}

function peek({ tokens, index }: Reader): Token | undefined {
  return tokens[index];
}

function take(reader: Reader, ...kinds: readonly Token['kind'][]): Token {
  const token = peek(reader);
  if (!token || !kinds.includes(token.kind)) throw unexpected(reader);
  reader.index++;
  return token;
}

function unexpected(reader: Reader): Error {
  const token = peek(reader);
  return new Error(`unexpected ${token?.kind ?? 'end'} at offset ${token?.start ?? reader.text.length}`);
}
