import {
  type Command,
  type CompoundCommand,
  type Literal,
  type Pipeline,
  type Redirect,
  ScanError,
  type SimpleCommand,
  type Slot,
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
const BAREWORD = /(?:[a-z]+|[{}!]|\[\[|\]\])(?=[\s;&|()<>]|$)/y;
const REDIRECT = /[0-9]*(?:<<<|<<-|<<|<&|<>|>>|>\||>&|<(?!\()|>(?!\())|&>>?/y;
const MAX_DEPTH = 60;

interface Pending {
  redirect: Redirect;
  delimiter: string;
  isQuoted: boolean;
  stripsTabs: boolean;
}

/**
 * Parses a POSIX or bash script far enough to know, for every word, its command, its
 * quoting and its pipeline. Throws {@link ScanError} where it cannot be sure.
 */
export function scanScript(text: string): ScannedScript {
  let offset = 0;
  let depth = 0;
  let pending: Pending[] = [];

  const reader = createWordReader(text, (start, nesting) => {
    const outer = { offset, pending, depth };
    offset = start;
    pending = [];
    depth = nesting;
    const list = parseList(new Set());
    if (pending.length > 0) throw new ScanError('a here-document has no body', start);
    if (outer.pending.length > 0 && text.slice(start, offset).includes('\n')) {
      throw new ScanError('a $( spans lines in front of a here-document', start);
    }
    const end = offset;
    ({ offset, pending, depth } = outer);
    return { list, end };
  });

  const skipBlanks = () => {
    for (;;) {
      const char = text[offset];
      if (char === ' ' || char === '\t' || char === '\r') offset++;
      else if (char === '\\' && text[offset + 1] === '\n') offset += 2;
      else break;
    }
    if (text[offset] === '#') {
      const end = text.indexOf('\n', offset);
      offset = end === -1 ? text.length : end;
    }
  };

  const takeNewline = () => {
    offset++;
    const bodies = pending;
    pending = [];
    for (const one of bodies) readHereDocument(one);
  };

  const skipSeparators = () => {
    for (;;) {
      skipBlanks();
      if (text[offset] === '\n') takeNewline();
      else if (text[offset] === ';' && text[offset + 1] !== ';' && text[offset + 1] !== '&') offset++;
      else if (text[offset] === '&' && !/[&>]/.test(text[offset + 1] ?? '')) offset++;
      else return;
    }
  };

  const skipNewlines = () => {
    skipBlanks();
    while (text[offset] === '\n') {
      takeNewline();
      skipBlanks();
    }
  };

  const peek = (): string => {
    BAREWORD.lastIndex = offset;
    return BAREWORD.exec(text)?.[0] ?? '';
  };

  const expect = (word: string) => {
    skipNewlines();
    if (peek() !== word) throw new ScanError(`it has no "${word}" where one belongs`, offset);
    offset += word.length;
  };

  const readHereDocument = ({ redirect, delimiter, isQuoted, stripsTabs }: Pending) => {
    const start = offset;
    let bodyEnd = text.length;
    while (offset < text.length) {
      const newline = text.indexOf('\n', offset);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(offset, end);
      if ((stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter) {
        bodyEnd = offset;
        offset = Math.min(end + 1, text.length);
        break;
      }
      offset = Math.min(end + 1, text.length);
      if (newline === -1) break;
    }
    const resume = offset;
    redirect.body = isQuoted
      ? { slots: reader.trapReferences(start, bodyEnd, 'quoted-heredoc'), nested: [] }
      : reader.readBody(start, bodyEnd);
    offset = resume;
  };

  const tryRedirect = (redirects: Redirect[]): boolean => {
    REDIRECT.lastIndex = offset;
    const match = REDIRECT.exec(text);
    if (!match) return false;
    offset = REDIRECT.lastIndex;
    skipBlanks();
    const target = reader.readWord(offset);
    if (target.end === offset) throw new ScanError('a redirection has no target', offset);
    offset = target.end;
    const operator = match[0].replace(/^\d+/, '');
    const redirect: Redirect = { operator, target, body: null };
    redirects.push(redirect);
    if (operator === '<<' || operator === '<<-') {
      for (const slot of target.slots) slot.trap ??= 'delimiter';
      const raw = text.slice(target.start, target.end);
      if (target.literal === null && /[$`]/.test(raw)) {
        throw new ScanError('a delimiter of a here-document is computed', target.start);
      }
      const delimiter = target.literal ?? raw;
      pending.push({ redirect, delimiter, isQuoted: /['"\\]/.test(raw), stripsTabs: operator === '<<-' });
    }
    return true;
  };

  const readRedirects = (): Redirect[] => {
    const redirects: Redirect[] = [];
    skipBlanks();
    while (tryRedirect(redirects)) skipBlanks();
    return redirects;
  };

  const parseList = (stops: ReadonlySet<string>): Pipeline[] => {
    if (++depth > MAX_DEPTH) throw new ScanError('it nests too deep', offset);
    const list: Pipeline[] = [];
    for (;;) {
      skipSeparators();
      const char = text[offset];
      if (char === undefined || char === ')' || text.startsWith(';;', offset) || text.startsWith(';&', offset)) break;
      if (stops.has(peek())) break;
      list.push(parsePipeline());
      skipBlanks();
      if (text.startsWith('&&', offset) || text.startsWith('||', offset)) {
        offset += 2;
        skipNewlines();
      }
    }
    depth--;
    return list;
  };

  const parsePipeline = (): Pipeline => {
    const pipeline: Pipeline = [];
    for (;;) {
      skipBlanks();
      while (peek() === '!') {
        offset++;
        skipBlanks();
      }
      pipeline.push(parseCommand());
      skipBlanks();
      if (text[offset] !== '|' || text[offset + 1] === '|') return pipeline;
      offset += text[offset + 1] === '&' ? 2 : 1;
      skipNewlines();
    }
  };

  const compound = (lists: Pipeline[][], words: Word[] = []): CompoundCommand => ({
    kind: 'compound',
    words,
    lists,
    redirects: readRedirects(),
  });

  const parseCommand = (): Command => {
    if (text.startsWith('((', offset)) {
      const { slots, end } = reader.readArithmetic(offset);
      offset = end;
      return { kind: 'arithmetic', slots, redirects: readRedirects() };
    }
    if (text[offset] === '(') {
      offset++;
      const list = parseList(new Set());
      if (text[offset] !== ')') throw new ScanError('a ( is never closed', offset);
      offset++;
      return compound([list]);
    }
    const word = peek();
    switch (word) {
      case '{':
        return parseBlock('{', '}');
      case 'if':
        return parseIf();
      case 'while':
      case 'until': {
        offset += word.length;
        const condition = parseList(new Set(['do']));
        const body = parseBlock('do', 'done');
        return { ...body, lists: [condition, ...body.lists] };
      }
      case 'for':
      case 'select':
        offset += word.length;
        return parseFor();
      case 'case':
        offset += word.length;
        return parseCase();
      case 'function': {
        offset += word.length;
        skipBlanks();
        offset = reader.readWord(offset).end;
        skipBlanks();
        if (text.startsWith('()', offset)) offset += 2;
        skipNewlines();
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
        throw new ScanError(`"${word}" stands where a command belongs`, offset);
      default:
        return parseSimple();
    }
  };

  const parseBlock = (open: string, close: string): CompoundCommand => {
    expect(open);
    const list = parseList(new Set([close]));
    expect(close);
    return compound([list]);
  };

  const parseIf = (): CompoundCommand => {
    expect('if');
    const lists = [parseList(new Set(['then']))];
    expect('then');
    for (;;) {
      lists.push(parseList(new Set(['elif', 'else', 'fi'])));
      const word = peek();
      if (word !== 'elif' && word !== 'else') break;
      offset += word.length;
      if (word === 'elif') {
        lists.push(parseList(new Set(['then'])));
        expect('then');
      }
    }
    expect('fi');
    return compound(lists);
  };

  const parseFor = (): CompoundCommand => {
    skipBlanks();
    const words: Word[] = [];
    let slots: Slot[] = [];
    if (text.startsWith('((', offset)) {
      const arithmetic = reader.readArithmetic(offset);
      offset = arithmetic.end;
      ({ slots } = arithmetic);
    }
    for (skipBlanks(); !/[\n;]/.test(text[offset] ?? '\n') && peek() !== 'do'; skipBlanks()) {
      const word = reader.readWord(offset);
      if (word.end === offset) throw new ScanError('a for loop has an operator in its words', offset);
      offset = word.end;
      words.push(word);
    }
    skipSeparators();
    const body = peek() === '{' ? parseBlock('{', '}') : parseBlock('do', 'done');
    const lists: Pipeline[][] = slots.length > 0 ? [[[{ kind: 'arithmetic', slots, redirects: [] }]]] : [];
    return { ...body, words, lists: [...lists, ...body.lists] };
  };

  const parseCase = (): CompoundCommand => {
    skipBlanks();
    const subject = reader.readWord(offset);
    offset = subject.end;
    expect('in');
    const words = [subject];
    const lists: Pipeline[][] = [];
    for (;;) {
      skipNewlines();
      if (peek() === 'esac') break;
      if (text[offset] === '(') offset++;
      for (;;) {
        skipBlanks();
        const pattern = reader.readWord(offset);
        if (pattern.end === offset) throw new ScanError('a case has no pattern', offset);
        offset = pattern.end;
        words.push(pattern);
        skipBlanks();
        if (text[offset] !== '|') break;
        offset++;
      }
      if (text[offset] !== ')') throw new ScanError('a pattern of a case has no )', offset);
      offset++;
      lists.push(parseList(new Set(['esac'])));
      const end = /^(?:;;&|;;|;&)/.exec(text.slice(offset, offset + 3))?.[0] ?? '';
      offset += end.length;
      if (end === '' && peek() !== 'esac') throw new ScanError('a case is never closed', offset);
    }
    expect('esac');
    return compound(lists, words);
  };

  const parseTest = (): Command => {
    offset += 2;
    const words: Word[] = [];
    for (;;) {
      skipNewlines();
      if (peek() === ']]') break;
      const operator = /^(?:&&|\|\||[<>()])/.exec(text.slice(offset, offset + 2))?.[0];
      if (operator !== undefined) {
        offset += operator.length;
        continue;
      }
      const word = reader.readWord(offset);
      if (word.end === offset) throw new ScanError('a [[ is never closed', offset);
      offset = word.end;
      words.push(word);
    }
    offset += 2;
    return { kind: 'test', words, redirects: readRedirects() };
  };

  const parseSimple = (): Command => {
    const command: SimpleCommand = { kind: 'simple', assignments: [], words: [], redirects: [] };
    for (;;) {
      skipBlanks();
      const char = text[offset];
      if (tryRedirect(command.redirects)) continue;
      if (char === undefined || /[\n;&|)]/.test(char)) return command;
      if (char === '(') return parseAfterParenthesis(command);
      const word = reader.readWord(offset);
      if (word.end === offset) throw new ScanError(`${JSON.stringify(char)} stands where a word belongs`, offset);
      offset = word.end;
      if (command.words.length === 0 && isAssignment(text, word)) {
        command.assignments.push(word);
        if (text[offset] === '(' && text[offset - 1] === '=') readArray(command.assignments);
        continue;
      }
      const isHidden = !word.isPlain && word.literal !== null && RESERVED.has(word.literal);
      if (command.words.length === 0 && isHidden) throw new ScanError('a reserved word is quoted', word.start);
      command.words.push(word);
    }
  };

  /** `name ()` begins a function; any other parenthesis behind a word is unknown. */
  const parseAfterParenthesis = (command: SimpleCommand): Command => {
    const rest = /^\(\s*\)/.exec(text.slice(offset, offset + 20))?.[0];
    const isFunction = command.words.length === 1 && command.assignments.length === 0 && rest !== undefined;
    if (!isFunction) throw new ScanError('a ( stands where a word belongs', offset);
    offset += rest.length;
    skipNewlines();
    return parseCommand();
  };

  const readArray = (into: Word[]) => {
    offset++;
    for (;;) {
      skipNewlines();
      if (text[offset] === ')') break;
      const element = reader.readWord(offset);
      if (element.end === offset) throw new ScanError('an array is never closed', offset);
      offset = element.end;
      // `[index]=value`: the index is arithmetic.
      if (text[element.start] === '[') for (const slot of element.slots) slot.trap ??= 'arithmetic';
      into.push(element);
    }
    offset++;
  };

  const list = parseList(new Set());
  if (offset < text.length) throw new ScanError('a ) closes nothing', offset);
  return { list, literals: reader.literals };
}

/** `NAME=…`, `NAME+=…`, `NAME[index]=…` in front of a command. */
function isAssignment(text: string, word: Word): boolean {
  const match = /^[A-Za-z_][A-Za-z0-9_]*(\[[^\]]*\])?\+?=/.exec(text.slice(word.start, word.end));
  if (!match) return false;
  const end = word.start + match[0].length;
  for (const slot of word.slots) if (slot.reference.start < end) slot.trap ??= 'arithmetic';
  return true;
}
