import { createCursor } from './cursor.ts';
import {
  type Command,
  type CompoundCommand,
  type Literal,
  type Pipeline,
  ScanError,
  type SimpleCommand,
  type Slot,
  trapAll,
  type Word,
} from './tree.ts';
import { createWordReader } from './words.ts';

export interface ScannedScript {
  list: Pipeline[];
  literals: Literal[];
}

const RESERVED = new Set(
  '! { } if then elif else fi while until do done for select case in esac function time [[ ]] coproc'.split(' '),
);
const MAX_DEPTH = 60;

/**
 * Parses a POSIX or bash script far enough to know, for every word, its command, its
 * quoting and its pipeline. Throws {@link ScanError} where it cannot be sure.
 */
export function scanScript(text: string): ScannedScript {
  const at = createCursor(text, () => reader);
  const reader = createWordReader(text, (start, nesting) => {
    const { offset, pending, depth } = at;
    Object.assign(at, { offset: start, pending: [], depth: nesting });
    const list = parseList(new Set());
    if (at.pending.length > 0) throw new ScanError('a here-document has no body', start);
    if (pending.length > 0 && text.slice(start, at.offset).includes('\n')) {
      throw new ScanError('a $( spans lines in front of a here-document', start);
    }
    const end = at.offset;
    Object.assign(at, { offset, pending, depth });
    return { list, end };
  });

  const parseList = (stops: ReadonlySet<string>): Pipeline[] => {
    if (++at.depth > MAX_DEPTH) throw new ScanError('it nests too deep', at.offset);
    const list: Pipeline[] = [];
    for (;;) {
      at.skipSeparators();
      const char = text[at.offset];
      if (char === undefined || char === ')' || text.startsWith(';;', at.offset) || text.startsWith(';&', at.offset))
        break;
      if (stops.has(at.peek())) break;
      list.push(parsePipeline());
      at.skipBlanks();
      if (text.startsWith('&&', at.offset) || text.startsWith('||', at.offset)) {
        at.offset += 2;
        at.skipNewlines();
      }
    }
    at.depth--;
    return list;
  };

  const parsePipeline = (): Pipeline => {
    const pipeline: Pipeline = [];
    for (;;) {
      at.skipBlanks();
      while (at.peek() === '!') {
        at.offset++;
        at.skipBlanks();
      }
      pipeline.push(parseCommand());
      at.skipBlanks();
      if (text[at.offset] !== '|' || text[at.offset + 1] === '|') return pipeline;
      at.offset += text[at.offset + 1] === '&' ? 2 : 1;
      at.skipNewlines();
    }
  };

  const compound = (lists: Pipeline[][], words: Word[] = []): CompoundCommand => ({
    kind: 'compound',
    words,
    lists,
    redirects: at.readRedirects(),
  });

  const parseCommand = (): Command => {
    if (text.startsWith('((', at.offset)) {
      const { slots, end } = reader.readArithmetic(at.offset);
      at.offset = end;
      return { kind: 'arithmetic', slots, redirects: at.readRedirects() };
    }
    if (text[at.offset] === '(') {
      at.offset++;
      const list = parseList(new Set());
      if (text[at.offset] !== ')') throw new ScanError('a ( is never closed', at.offset);
      at.offset++;
      return compound([list]);
    }
    const word = at.peek();
    switch (word) {
      case '{':
        return parseBlock('{', '}');
      case 'if':
        return parseIf();
      case 'while':
      case 'until': {
        at.offset += word.length;
        const condition = parseList(new Set(['do']));
        const body = parseBlock('do', 'done');
        return { ...body, lists: [condition, ...body.lists] };
      }
      case 'for':
      case 'select':
        at.offset += word.length;
        return parseFor();
      case 'case':
        at.offset += word.length;
        return parseCase();
      case 'function': {
        at.offset += word.length;
        at.skipBlanks();
        at.offset = reader.readWord(at.offset).end;
        at.skipBlanks();
        if (text.startsWith('()', at.offset)) at.offset += 2;
        at.skipNewlines();
        return parseCommand();
      }
      case '[[':
        return parseTest();
      case 'then':
      case 'elif':
      case 'else':
      case 'fi':
      case 'do':
      case 'done':
      case 'esac':
      case '}':
        throw new ScanError(`"${word}" stands where a command belongs`, at.offset);
      default:
        return parseSimple();
    }
  };

  const parseBlock = (open: string, close: string): CompoundCommand => {
    at.expect(open);
    const list = parseList(new Set([close]));
    at.expect(close);
    return compound([list]);
  };

  const parseIf = (): CompoundCommand => {
    at.expect('if');
    const lists = [parseList(new Set(['then']))];
    at.expect('then');
    for (;;) {
      lists.push(parseList(new Set(['elif', 'else', 'fi'])));
      const word = at.peek();
      if (word !== 'elif' && word !== 'else') break;
      at.offset += word.length;
      if (word === 'elif') {
        lists.push(parseList(new Set(['then'])));
        at.expect('then');
      }
    }
    at.expect('fi');
    return compound(lists);
  };

  const parseFor = (): CompoundCommand => {
    at.skipBlanks();
    const words: Word[] = [];
    let slots: Slot[] = [];
    if (text.startsWith('((', at.offset)) {
      const arithmetic = reader.readArithmetic(at.offset);
      at.offset = arithmetic.end;
      ({ slots } = arithmetic);
    }
    for (at.skipBlanks(); !/[\n;]/.test(text[at.offset] ?? '\n') && at.peek() !== 'do'; at.skipBlanks()) {
      const word = reader.readWord(at.offset);
      if (word.end === at.offset) throw new ScanError('a for loop has an operator in its words', at.offset);
      at.offset = word.end;
      words.push(word);
    }
    at.skipSeparators();
    const body = at.peek() === '{' ? parseBlock('{', '}') : parseBlock('do', 'done');
    const lists: Pipeline[][] = slots.length > 0 ? [[[{ kind: 'arithmetic', slots, redirects: [] }]]] : [];
    return { ...body, words, lists: [...lists, ...body.lists] };
  };

  const parseCase = (): CompoundCommand => {
    at.skipBlanks();
    const subject = reader.readWord(at.offset);
    at.offset = subject.end;
    at.expect('in');
    const words = [subject];
    const lists: Pipeline[][] = [];
    for (;;) {
      at.skipNewlines();
      if (at.peek() === 'esac') break;
      if (text[at.offset] === '(') at.offset++;
      for (;;) {
        at.skipBlanks();
        const pattern = reader.readWord(at.offset);
        if (pattern.end === at.offset) throw new ScanError('a case has no pattern', at.offset);
        at.offset = pattern.end;
        words.push(pattern);
        at.skipBlanks();
        if (text[at.offset] !== '|') break;
        at.offset++;
      }
      if (text[at.offset] !== ')') throw new ScanError('a pattern of a case has no )', at.offset);
      at.offset++;
      lists.push(parseList(new Set(['esac'])));
      const end = /^(?:;;&|;;|;&)/.exec(text.slice(at.offset, at.offset + 3))?.[0] ?? '';
      at.offset += end.length;
      if (end === '' && at.peek() !== 'esac') throw new ScanError('a case is never closed', at.offset);
    }
    at.expect('esac');
    return compound(lists, words);
  };

  const parseTest = (): Command => {
    at.offset += 2;
    const words: Word[] = [];
    for (;;) {
      at.skipNewlines();
      if (at.peek() === ']]') break;
      const operator = /^(?:&&|\|\||[<>()])/.exec(text.slice(at.offset, at.offset + 2))?.[0];
      if (operator !== undefined) {
        at.offset += operator.length;
        continue;
      }
      const word = reader.readWord(at.offset);
      if (word.end === at.offset) throw new ScanError('a [[ is never closed', at.offset);
      at.offset = word.end;
      words.push(word);
    }
    at.offset += 2;
    return { kind: 'test', words, redirects: at.readRedirects() };
  };

  const parseSimple = (): Command => {
    const command: SimpleCommand = { kind: 'simple', assignments: [], words: [], redirects: [] };
    for (;;) {
      at.skipBlanks();
      const char = text[at.offset];
      if (at.tryRedirect(command.redirects)) continue;
      if (char === undefined || /[\n;&|)]/.test(char)) return command;
      if (char === '(') return parseAfterParenthesis(command);
      const word = reader.readWord(at.offset);
      if (word.end === at.offset) throw new ScanError(`${JSON.stringify(char)} stands where a word belongs`, at.offset);
      at.offset = word.end;
      if (command.words.length === 0 && isAssignment(text, word)) {
        command.assignments.push(word);
        if (text[at.offset] === '(' && text[at.offset - 1] === '=') readArray(command.assignments);
        continue;
      }
      const isHidden = !word.isPlain && word.literal !== null && RESERVED.has(word.literal);
      if (command.words.length === 0 && isHidden) throw new ScanError('a reserved word is quoted', word.start);
      command.words.push(word);
    }
  };

  /** `name ()` begins a function; any other parenthesis behind a word is unknown. */
  const parseAfterParenthesis = (command: SimpleCommand): Command => {
    const rest = /^\(\s*\)/.exec(text.slice(at.offset, at.offset + 20))?.[0];
    const isFunction = command.words.length === 1 && command.assignments.length === 0 && rest !== undefined;
    if (!isFunction) throw new ScanError('a ( stands where a word belongs', at.offset);
    at.offset += rest.length;
    at.skipNewlines();
    return parseCommand();
  };

  const readArray = (into: Word[]) => {
    at.offset++;
    for (;;) {
      at.skipNewlines();
      if (text[at.offset] === ')') break;
      const element = reader.readWord(at.offset);
      if (element.end === at.offset) throw new ScanError('an array is never closed', at.offset);
      at.offset = element.end;
      // `[index]=value`: the index is arithmetic.
      if (text[element.start] === '[') trapAll(element, 'arithmetic');
      into.push(element);
    }
    at.offset++;
  };

  const list = parseList(new Set());
  if (at.offset < text.length) throw new ScanError('a ) closes nothing', at.offset);
  return { list, literals: reader.literals };
}

/** `NAME=…`, `NAME+=…`, `NAME[index]=…` in front of a command. */
function isAssignment(text: string, word: Word): boolean {
  const match = /^[A-Za-z_][A-Za-z0-9_]*(\[[^\]]*\])?\+?=/.exec(text.slice(word.start, word.end));
  if (!match) return false;
  const end = word.start + match[0].length;
  for (const slot of word.slots) if (slot.reference.start < end) slot.trap ??= 'arithmetic';
  // The index is evaluated, so what a command in it prints would be, too.
  if (/\$\(|`/.test(match[1] ?? '')) trapAll(word, 'arithmetic');
  return true;
}
