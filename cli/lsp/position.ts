import type { Token } from '#config/pipeline/lexer.ts';
import { currentName, takesList, type Word } from '#config/pipeline/word.ts';
import { FILE_WORD } from '#config/pipeline/words.ts';
import { plainText } from './tokens.ts';

/** What stands at an offset of a file. */
export type Position =
  /** The name of a node, or the place where one may begin. */
  | { kind: 'name'; around: Word; word: Word | null; token: Token | null }
  /** A key, or the place behind a node's name where one may begin. */
  | { kind: 'key'; around: Word; word: Word | null; token: Token | null }
  /** A value of a word: its argument with this index. */
  | { kind: 'value'; word: Word | null; name: string; index: number; token: Token | null }
  | { kind: 'nothing' };

interface OpenNode {
  name: string;
  word: Word | null;
  args: number;
  /** Key whose value comes next. */
  key: Token | null;
}

/** Looks up what the language knows about an offset. Works on text that does not parse. */
export function findPosition(text: string, tokens: readonly Token[], offset: number): Position {
  const parents: OpenNode[] = [{ name: 'file', word: FILE_WORD, args: 0, key: null }];
  let node: OpenNode | null = null;
  const around = () => parents.at(-1)?.word ?? null;
  for (const [index, token] of tokens.entries()) {
    if (token.start > offset || (token.start === offset && !isText(token))) break;
    const isHere = token.end >= offset && isText(token);
    switch (token.kind) {
      case 'comment':
        // The end of a line comment is still in it.
        if (token.end > offset || (token.end === offset && text[token.start + 1] === '/')) return { kind: 'nothing' };
        break;
      case 'newline':
        if (tokens[index - 1]?.kind !== 'continue') node = null;
        break;
      case ';':
        node = null;
        break;
      case '{':
        parents.push(node ?? { name: '', word: null, args: 0, key: null });
        node = null;
        break;
      case '}':
        if (parents.length > 1) parents.pop();
        node = null;
        break;
      case 'string':
      case 'bare': {
        const name = plainText(text, token);
        if (!node) {
          const outer = around();
          node = { name, word: inner(outer, name), args: 0, key: null };
          if (isHere) return outer ? { kind: 'name', around: outer, word: node.word, token } : { kind: 'nothing' };
        } else if (tokens[index + 1]?.kind === '=') {
          node.key = token;
          if (isHere) return keyAt(node, inner(node.word, name), token);
        } else if (node.key) {
          const key = plainText(text, node.key);
          if (isHere) return { kind: 'value', word: inner(node.word, key), name: key, index: 0, token };
          node.key = null;
        } else {
          // A bare word behind a node is a key that is being written, or a value without quotes.
          const wantsValue = token.kind === 'string' || wantsArgument(node);
          if (isHere && !wantsValue) return keyAt(node, inner(node.word, name), token);
          if (isHere) return { kind: 'value', word: node.word, name: node.name, index: node.args, token };
          node.args += 1;
        }
        break;
      }
      case 'slashdash':
      case 'continue':
      case '=':
      case '(':
      case ')':
      case '[':
      case ']':
        break;
      default:
        token.kind satisfies never;
    }
  }
  if (!node) {
    const outer = around();
    return outer ? { kind: 'name', around: outer, word: null, token: null } : { kind: 'nothing' };
  }
  if (node.key) {
    const key = plainText(text, node.key);
    return { kind: 'value', word: inner(node.word, key), name: key, index: 0, token: null };
  }
  if (wantsArgument(node)) return { kind: 'value', word: node.word, name: node.name, index: node.args, token: null };
  return keyAt(node, null, null);
}

function isText({ kind }: Token): boolean {
  return kind === 'string' || kind === 'bare';
}

function keyAt({ word }: OpenNode, found: Word | null, token: Token | null): Position {
  return word ? { kind: 'key', around: word, word: found, token } : { kind: 'nothing' };
}

function wantsArgument({ word, args }: OpenNode): boolean {
  return word !== null && (args < word.args.length || takesList(word.args));
}

/** The word that a name is inside another. */
function inner(word: Word | null, written: string): Word | null {
  if (!word) return null;
  const name = currentName(word, written);
  return (Object.hasOwn(word.words, name) ? word.words[name] : word.open) ?? null;
}
