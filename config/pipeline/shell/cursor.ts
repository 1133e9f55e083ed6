import { type Redirect, ScanError, trapAll } from './tree.ts';
import type { WordReader } from './words.ts';

const BAREWORD = /(?:[a-z]+|[{}!]|\[\[|\]\])(?=[\s;&|()<>]|$)/y;
const REDIRECT = /[0-9]*(?:<<<|<<-|<<|<&|<>|>>|>\||>&|<(?!\()|>(?!\())|&>>?/y;

interface Pending {
  redirect: Redirect;
  delimiter: string;
  isQuoted: boolean;
  stripsTabs: boolean;
}

/** The place in a script, and here-documents whose bodies begin behind the next line break. */
export interface Cursor {
  offset: number;
  depth: number;
  pending: Pending[];
  /** Behind blanks, continued lines and a comment. */
  skipBlanks(): void;
  /** Behind line breaks, with here-documents read on the way. */
  skipNewlines(): void;
  /** Behind what separates commands: line breaks, `;`, `&`. */
  skipSeparators(): void;
  /** The word without quotes that stands here, or an empty string. */
  peek(): string;
  /** Behind a reserved word; throws where it is missing. */
  expect(word: string): void;
  /** Reads a redirection if one stands here. */
  tryRedirect(redirects: Redirect[]): boolean;
  /** All redirections that stand here. */
  readRedirects(): Redirect[];
}

/** A cursor at the start of a script. */
export function createCursor(text: string, reader: () => WordReader): Cursor {
  const skipBlanks = () => {
    for (;;) {
      const char = text[at.offset];
      if (char === ' ' || char === '\t' || char === '\r') at.offset++;
      else if (char === '\\' && text[at.offset + 1] === '\n') at.offset += 2;
      else break;
    }
    if (text[at.offset] === '#') {
      const end = text.indexOf('\n', at.offset);
      at.offset = end === -1 ? text.length : end;
    }
  };

  const takeNewline = () => {
    at.offset++;
    const bodies = at.pending;
    at.pending = [];
    for (const one of bodies) readHereDocument(one);
  };

  const skipSeparators = () => {
    for (;;) {
      skipBlanks();
      if (text[at.offset] === '\n') takeNewline();
      else if (text[at.offset] === ';' && text[at.offset + 1] !== ';' && text[at.offset + 1] !== '&') at.offset++;
      else if (text[at.offset] === '&' && !/[&>]/.test(text[at.offset + 1] ?? '')) at.offset++;
      else return;
    }
  };

  const skipNewlines = () => {
    skipBlanks();
    while (text[at.offset] === '\n') {
      takeNewline();
      skipBlanks();
    }
  };

  const peek = (): string => {
    BAREWORD.lastIndex = at.offset;
    return BAREWORD.exec(text)?.[0] ?? '';
  };

  const expect = (word: string) => {
    skipNewlines();
    if (peek() !== word) throw new ScanError(`it has no "${word}" where one belongs`, at.offset);
    at.offset += word.length;
  };

  const readHereDocument = ({ redirect, delimiter, isQuoted, stripsTabs }: Pending) => {
    const start = at.offset;
    let bodyEnd = text.length;
    while (at.offset < text.length) {
      const newline = text.indexOf('\n', at.offset);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(at.offset, end);
      if ((stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter) {
        bodyEnd = at.offset;
        at.offset = Math.min(end + 1, text.length);
        break;
      }
      at.offset = Math.min(end + 1, text.length);
      if (newline === -1) break;
    }
    const resume = at.offset;
    redirect.body = isQuoted
      ? { slots: reader().trapReferences(start, bodyEnd, 'quoted-heredoc'), nested: [] }
      : reader().readBody(start, bodyEnd);
    at.offset = resume;
  };

  const tryRedirect = (redirects: Redirect[]): boolean => {
    REDIRECT.lastIndex = at.offset;
    const match = REDIRECT.exec(text);
    if (!match) return false;
    at.offset = REDIRECT.lastIndex;
    skipBlanks();
    const target = reader().readWord(at.offset);
    if (target.end === at.offset) throw new ScanError('a redirection has no target', at.offset);
    at.offset = target.end;
    const operator = match[0].replace(/^\d+/, '');
    // bash expands the word of >& a second time when it is no number: a value would run.
    if (operator.includes('&')) trapAll(target, 'duplication');
    const redirect: Redirect = { operator, target, body: null };
    redirects.push(redirect);
    if (operator === '<<' || operator === '<<-') {
      trapAll(target, 'delimiter');
      const raw = text.slice(target.start, target.end);
      if (target.literal === null && /[$`]/.test(raw)) {
        throw new ScanError('a delimiter of a here-document is computed', target.start);
      }
      const delimiter = target.literal ?? raw;
      at.pending.push({ redirect, delimiter, isQuoted: /['"\\]/.test(raw), stripsTabs: operator === '<<-' });
    }
    return true;
  };

  const readRedirects = (): Redirect[] => {
    const redirects: Redirect[] = [];
    skipBlanks();
    while (tryRedirect(redirects)) skipBlanks();
    return redirects;
  };

  const at: Cursor = {
    offset: 0,
    depth: 0,
    pending: [],
    skipBlanks,
    skipNewlines,
    skipSeparators,
    peek,
    expect,
    tryRedirect,
    readRedirects,
  };
  return at;
}
