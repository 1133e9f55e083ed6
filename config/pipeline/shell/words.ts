import { isRoot, readReference, type Reference } from '../references.ts';
import {
  type Literal,
  type Pipeline,
  type Quoting,
  ScanError,
  type Slot,
  type Trap,
  trapAll,
  type Word,
} from './tree.ts';

/** Reads words, quotes and expansions of a script; commands inside `$(…)` come from `parseList`. */
export interface WordReader {
  /** The word at the offset; it ends before a blank or an operator. */
  readWord(start: number): Word;
  /** The body of a here-document between two offsets, its delimiter unquoted. */
  readBody(start: number, end: number): { slots: Slot[]; nested: Pipeline[] };
  /** `((…))` from its first parenthesis: what stands in it, and its end. */
  readArithmetic(start: number): { slots: Slot[]; end: number };
  /** References between two offsets, all caught in one trap. */
  trapReferences(start: number, end: number, trap: Trap): Slot[];
  /** The `$${` of the whole script. */
  literals: Literal[];
}

/** What an expansion found, gathered into its word. */
interface Found {
  slots: Slot[];
  nested: Pipeline[];
}

const SAFE_OPERATOR = /:?[-=?+]|##?|%%?/y;
const PARAMETER = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]/y;
const MAX_DEPTH = 60;

/**
 * A reader for one script. `parseList` parses commands from an offset up to an unmatched
 * `)` and answers its offset.
 */
export function createWordReader(
  text: string,
  parseList: (start: number, depth: number) => { list: Pipeline[]; end: number },
): WordReader {
  const literals: Literal[] = [];
  let depth = 0;

  const enter = <Result>(offset: number, inner: () => Result): Result => {
    if (depth >= MAX_DEPTH) throw new ScanError('it nests too deep', offset);
    depth++;
    try {
      return inner();
    } finally {
      depth--;
    }
  };

  /** A reference of ours at a `$`, or null: a bare name in braces is the shell's. */
  const referenceAt = (dollar: number): Reference | null => {
    if (text[dollar + 1] !== '{') return null;
    const reference = readReference(text, dollar + 1, dollar);
    return reference && isOurs(reference) ? reference : null;
  };

  const trapReferences = (start: number, end: number, trap: Trap): Slot[] => {
    const slots: Slot[] = [];
    for (let offset = text.indexOf('${', start); offset !== -1 && offset < end;) {
      const reference = referenceAt(offset);
      if (reference && text[offset - 1] === '$') {
        literals.push({ start: offset - 1, end: reference.end, quoting: 'single' });
      } else if (reference) slots.push({ reference, quoting: 'bare', trap });
      offset = text.indexOf('${', offset + 2);
    }
    return slots;
  };

  /** Everything that begins with `$` or a backtick; answers the offset behind it. */
  const readExpansion = (start: number, quoting: Quoting, found: Found, end: number): number => {
    if (text[start] === '`') return readBackticks(start, found, end);
    if (text.startsWith('$${', start)) {
      const reference = referenceAt(start + 1);
      if (reference) {
        literals.push({ start, end: reference.end, quoting });
        return reference.end;
      }
    }
    const next = text[start + 1];
    if (next === '{') {
      const reference = referenceAt(start);
      if (!reference) return enter(start, () => readParameter(start, quoting, found, end));
      found.slots.push({ reference, quoting, trap: null });
      return reference.end;
    }
    if (text.startsWith('$((', start)) {
      const arithmetic = readArithmetic(start + 1);
      found.slots.push(...arithmetic.slots);
      return arithmetic.end;
    }
    if (next === '(') return readSubstitution(start + 2, found);
    if (next === '[') {
      const close = text.indexOf(']', start);
      if (close === -1) throw new ScanError('a $[ is never closed', start);
      found.slots.push(...trapReferences(start + 2, close, 'arithmetic'));
      return close + 1;
    }
    return start + (next !== undefined && /[A-Za-z0-9_@*#?$!-]/.test(next) ? nameLength(start + 1) + 1 : 1);
  };

  const nameLength = (start: number): number => {
    PARAMETER.lastIndex = start;
    const match = PARAMETER.exec(text)?.[0] ?? '';
    return /^\d/.test(match) ? 1 : match.length;
  };

  const readSubstitution = (start: number, found: Found): number =>
    enter(start, () => {
      const { list, end } = parseList(start, depth);
      if (text[end] !== ')') throw new ScanError('a $( is never closed', start - 2);
      found.nested.push(...list);
      return end + 1;
    });

  const readBackticks = (start: number, found: Found, end: number): number => {
    for (let offset = start + 1; offset < end; offset++) {
      if (text[offset] === '\\') offset++;
      else if (text[offset] === '`') {
        found.slots.push(...trapReferences(start, offset, 'backticks'));
        return offset + 1;
      }
    }
    throw new ScanError('a backtick is never closed', start);
  };

  const readSingle = (start: number, found: Found): number => {
    const close = text.indexOf("'", start + 1);
    if (close === -1) throw new ScanError('a single quote is never closed', start);
    found.slots.push(...trapReferences(start, close, 'single-quotes'));
    return close + 1;
  };

  const readDouble = (start: number, found: Found): number => {
    let offset = start + 1;
    while (offset < text.length) {
      const char = text[offset];
      if (char === '"') return offset + 1;
      if (char === '\\') offset += 2;
      else if (char === '$' || char === '`') offset = readExpansion(offset, 'double', found, text.length);
      else offset++;
    }
    throw new ScanError('a double quote is never closed', start);
  };

  /** `${name…}` of the shell; only operators that every shell reads alike may hold a reference. */
  const readParameter = (start: number, quoting: Quoting, found: Found, end: number): number => {
    PARAMETER.lastIndex = start + 2;
    const isIndirect = text[start + 2] === '!';
    const isLength = text[start + 2] === '#' && text[start + 3] !== '}';
    if (isIndirect || isLength) PARAMETER.lastIndex = start + 3;
    let offset = PARAMETER.test(text) ? PARAMETER.lastIndex : start + 2;
    if (text[offset] === '}') return offset + 1;
    SAFE_OPERATOR.lastIndex = offset;
    const isSafe = SAFE_OPERATOR.test(text) && !isIndirect && !isLength;
    const operator = text.slice(offset, isSafe ? SAFE_OPERATOR.lastIndex : offset);
    offset += operator.length;
    const inner: Found = { slots: [], nested: [] };
    const isQuoted = quoting !== 'bare';
    const quotesAreText = isQuoted && !/[#%]/.test(operator);
    while (offset < end && text[offset] !== '}') {
      const char = text[offset];
      if (char === '\\') offset += 2;
      else if (char === '$' || char === '`') offset = readExpansion(offset, quoting, inner, end);
      else if (char === "'" && !quotesAreText) offset = readSingle(offset, inner);
      else if (char === '"') {
        const quoted: Found = { slots: [], nested: [] };
        offset = readDouble(offset, quoted);
        // Shells disagree whether quotes inside quotes open or close.
        if (isQuoted) trapAll(quoted, 'nested-quotes');
        inner.slots.push(...quoted.slots);
        inner.nested.push(...quoted.nested);
      } else offset++;
    }
    if (text[offset] !== '}' || offset >= end) throw new ScanError('a ${ is never closed', start);
    if (!isSafe) trapAll(inner, 'parameter-operator');
    found.slots.push(...inner.slots);
    found.nested.push(...inner.nested);
    return offset + 1;
  };

  const readArithmetic = (start: number): { slots: Slot[]; end: number } => {
    let open = 0;
    for (let offset = start; offset < text.length; offset++) {
      const char = text[offset];
      if (char === '\\') offset++;
      else if (char === "'" || char === '"') {
        const close = text.indexOf(char, offset + 1);
        if (close === -1) throw new ScanError('a quote is never closed', offset);
        offset = close;
      } else if (char === '(') open++;
      else if (char === ')' && --open === 0) {
        return { slots: trapReferences(start, offset, 'arithmetic'), end: offset + 1 };
      }
    }
    throw new ScanError('a (( is never closed', start);
  };

  const readBody = (start: number, end: number): Found => {
    const found: Found = { slots: [], nested: [] };
    let offset = start;
    while (offset < end) {
      const char = text[offset];
      if (char === '\\') offset += 2;
      else if (char === '$' || char === '`') offset = readExpansion(offset, 'heredoc', found, end);
      else offset++;
    }
    if (offset > end + 1) throw new ScanError('an expansion leaves its here-document', end);
    return found;
  };

  const readWord = (start: number): Word => {
    const found: Found = { slots: [], nested: [] };
    let literal: string | null = '';
    let prefix = '';
    let isPlain = true;
    let opensBrace = false;
    let expandsBraces = false;
    let offset = start;
    const add = (piece: string) => {
      if (literal === null) return;
      literal += piece;
      prefix = literal;
    };
    const addUnknown = () => {
      literal = null;
      isPlain = false;
    };
    while (offset < text.length) {
      const char = text[offset] ?? '';
      if (char === '\\') {
        if (text[offset + 1] !== '\n') add(text[offset + 1] ?? '');
        isPlain = false;
        offset += 2;
      } else if (char === "'") {
        const close = readSingle(offset, found);
        add(text.slice(offset + 1, close - 1));
        isPlain = false;
        offset = close;
      } else if (char === '"') {
        const from = offset;
        offset = readDouble(offset, found);
        const inside = text.slice(from + 1, offset - 1);
        isPlain = false;
        if (/[$`\\]/.test(inside)) {
          add(/^[^$`\\]*/.exec(inside)?.[0] ?? '');
          addUnknown();
        } else add(inside);
      } else if (char === '$' && text[offset + 1] === "'") {
        const close = text.indexOf("'", offset + 2);
        // bash reads \' inside $'…' as a quote, other shells as the end.
        if (close === -1 || text.slice(offset, close).includes('\\')) {
          const slots = trapReferences(offset, text.length, 'single-quotes');
          if (slots.length > 0) throw new ScanError("shells read $'…' with a backslash differently", offset);
        }
        addUnknown();
        offset = readSingle(offset + 1, found);
      } else if (char === '$' && text[offset + 1] === '"') offset++;
      else if (char === '$' || char === '`') {
        addUnknown();
        offset = readExpansion(offset, 'bare', found, text.length);
      } else if ((char === '<' || char === '>') && text[offset + 1] === '(' && offset === start) {
        addUnknown();
        offset = readSubstitution(offset + 2, found);
      } else if (/[?*+@!]/.test(char) && text[offset + 1] === '(' && offset > start) {
        throw new ScanError('it uses an extended pattern', offset);
      } else if (/[\s;&|<>()]/.test(char)) break;
      else {
        if (/[*?[]/.test(char)) addUnknown();
        if (char === '{') opensBrace = true;
        else if (opensBrace && (char === ',' || text.startsWith('..', offset))) expandsBraces = true;
        add(char);
        offset++;
      }
    }
    if (expandsBraces) {
      literal = null;
      trapAll(found, 'brace-expansion');
    }
    // A lone [ is the command of that name, not a pattern.
    if (text.slice(start, offset) === '[') return { start, end: offset, literal: '[', prefix: '[', isPlain, ...found };
    return { start, end: offset, literal, prefix, isPlain, ...found };
  };

  return { readWord, readBody, readArithmetic, trapReferences, literals };
}

function isOurs({ path }: Reference): boolean {
  return path.length > 1 && isRoot(path[0] ?? '');
}
