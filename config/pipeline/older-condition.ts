import { GIT_NAMES, isRoot, readReference, type Reference } from './references.ts';

/** A condition in CEL, and the bare words of the older form that became strings. */
export interface NormalizedCondition {
  expression: string;
  quoted: string[];
  /** References inside quotes, which CEL would take for text. */
  inQuotes: Reference[];
}

/** Longer ones are refused by the parser; they are not looked at here. */
export const MAX_CONDITION = 4_096;

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const OLDER_WORD = /[A-Za-z_][A-Za-z0-9_./-]*/y;
const STRING = /[rb]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const KEYWORDS = new Set(['true', 'false', 'null', 'in']);

/**
 * A condition as CEL (LANGUAGE §6): a braced path is the value itself, never spliced in,
 * and in the older form, recognised by such a path, a bare word that is no root is a
 * string. `branch`, `sha` and `tag` alone stand for fields of `git`.
 */
export function normalizeCondition(text: string): NormalizedCondition {
  if (text.length > MAX_CONDITION) return { expression: text, quoted: [], inQuotes: [] };
  const isOlder = /\{\s*[A-Za-z_][\w.-]*[^"':]*\}/.test(text.replaceAll(/"[^"]*"|'[^']*'/g, ''));
  const quoted: string[] = [];
  const inQuotes: Reference[] = [];
  let expression = '';
  let offset = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0] ?? null;
  };
  while (offset < text.length) {
    const string = take(STRING);
    if (string !== null) {
      for (const match of string.matchAll(/\$?\{/g)) {
        const brace = match.index + match[0].length - 1;
        const found = readReference(string, brace, match.index);
        if (found && isKnown(found)) {
          inQuotes.push({ ...found, start: offset + found.start, end: offset + found.end });
        }
      }
      expression += string;
      offset += string.length;
      continue;
    }
    const brace = text[offset] === '{' ? offset : text.startsWith('${', offset) ? offset + 1 : -1;
    const reference = brace === -1 ? null : readReference(text, brace, offset);
    if (reference && reference.fallback === null && (text[offset] === '$' || isKnown(reference))) {
      expression += toPath(reference.path);
      offset = reference.end;
      continue;
    }
    const word = take(isOlder ? OLDER_WORD : WORD);
    if (word === null) {
      expression += text[offset] ?? '';
      offset++;
      continue;
    }
    const before = expression.trimEnd().at(-1);
    offset += word.length;
    const isCall = /^\s*[([]/.test(text.slice(offset, offset + 20));
    const isField = before === '.' || (!isOlder && text[offset] === '.');
    const [root = ''] = word.split('.');
    if (isField || isCall || KEYWORDS.has(word) || isRoot(root)) expression += word;
    else if (GIT_NAMES.includes(word) && !isOlder) expression += `git.${word}`;
    else if (isOlder) {
      quoted.push(word);
      expression += `'${word}'`;
    } else expression += word;
  }
  return { expression, quoted, inQuotes };
}

function isKnown({ path }: Reference): boolean {
  const [root = ''] = path;
  return path.length > 1 ? isRoot(root) : GIT_NAMES.includes(root);
}

function toPath(path: readonly string[]): string {
  return path.length === 1 ? `git.${path[0] ?? ''}` : path.join('.');
}
