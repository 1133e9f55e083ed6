/**
 * Whether a name matches a glob of the language (LANGUAGE §3): `*` and `?` stay inside a
 * path segment, `**` crosses them, `[a-z]` is one character, `{a,b}` are alternatives, a
 * leading `!` negates. Runs in time of value × pattern: a backtracking matcher could be
 * made to hang by a file of a stranger. Throws when either is longer than any name.
 */
export function matchesGlob(value: string, pattern: string): boolean {
  if (pattern.length > MAX_PATTERN) throw new Error(`a glob has at most ${MAX_PATTERN} characters`);
  if (value.length > MAX_VALUE) throw new Error(`a glob matches names, not texts above ${MAX_VALUE} characters`);
  if (pattern.startsWith('!')) return !matchesGlob(value, pattern.slice(1));
  return expandBraces(pattern).some((one) => simulate(tokenize(one), value));
}

/** Why a pattern can be none, or null. */
export function findGlobError(pattern: string): string | null {
  try {
    matchesGlob('', pattern);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/**
 * Whether a list of globs selects a value. They hold in their order: each that matches takes it in, or with `!` out
 * again, and the last one that matches decides. A list that begins with `!` begins with everything; an empty one
 * selects everything.
 */
export function selectsGlobs(value: string, patterns: readonly string[]): boolean {
  const last = patterns.findLast((pattern) => matchesGlob(value, pattern.replace(/^!/, '')));
  if (last !== undefined) return !last.startsWith('!');
  return patterns[0]?.startsWith('!') ?? true;
}

type GlobToken =
  | { kind: 'char'; char: string }
  | { kind: 'any' }
  | { kind: 'star' }
  | { kind: 'globstar' }
  | { kind: 'class'; has: (char: string) => boolean };

const MAX_PATTERN = 500;
/** The longest path of Linux. */
const MAX_VALUE = 4_096;
const MAX_ALTERNATIVES = 32;

/** `a{b,c}` as `ab`, `ac`; what is no pair of braces with a comma stays as it is. */
function expandBraces(pattern: string): string[] {
  let open: string[] = [''];
  let rest = pattern;
  for (let match = /\{([^{}]*,[^{}]*)\}/.exec(rest); match; match = /\{([^{}]*,[^{}]*)\}/.exec(rest)) {
    const before = rest.slice(0, match.index);
    const choices = (match[1] ?? '').split(',');
    if (open.length * choices.length > MAX_ALTERNATIVES) {
      throw new Error(`a glob has at most ${MAX_ALTERNATIVES} alternatives`);
    }
    open = open.flatMap((start) => choices.map((choice) => start + before + choice));
    rest = rest.slice(match.index + match[0].length);
  }
  return open.map((start) => start + rest);
}

function tokenize(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? '';
    if (pattern.startsWith('**', index)) {
      // `a/**/b` also matches `a/b`: the slash behind it belongs to the globstar.
      index += pattern[index + 2] === '/' ? 2 : 1;
      if (tokens.at(-1)?.kind !== 'globstar') tokens.push({ kind: 'globstar' });
    } else if (char === '*') tokens.push({ kind: 'star' });
    else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[' && pattern.indexOf(']', index + 2) > 0) {
      const close = pattern.indexOf(']', index + 2);
      tokens.push({ kind: 'class', has: readClass(pattern.slice(index + 1, close)) });
      index = close;
    } else if (char === '\\' && index + 1 < pattern.length) {
      tokens.push({ kind: 'char', char: pattern[++index] ?? '' });
    } else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

function readClass(body: string): (char: string) => boolean {
  const negated = body.startsWith('!') || body.startsWith('^');
  const ranges = [...(negated ? body.slice(1) : body).matchAll(/(.)-(.)|(.)/gsu)].map((match) => ({
    from: match[1] ?? match[3] ?? '',
    to: match[2] ?? match[3] ?? '',
  }));
  return (char) => ranges.some(({ from, to }) => from <= char && char <= to) !== negated;
}

/** Moves the set of reachable token positions over the value, one character at a time. */
function simulate(tokens: readonly GlobToken[], value: string): boolean {
  const skipStars = (positions: Set<number>) => {
    for (const position of positions) {
      const kind = tokens[position]?.kind;
      if (kind === 'star' || kind === 'globstar') positions.add(position + 1);
    }
    return positions;
  };
  let current = skipStars(new Set([0]));
  for (const char of value) {
    const next = new Set<number>();
    for (const position of current) {
      const token = tokens[position];
      if (token && accepts(token, char)) {
        next.add(token.kind === 'star' || token.kind === 'globstar' ? position : position + 1);
      }
    }
    current = skipStars(next);
    if (current.size === 0) return false;
  }
  return current.has(tokens.length);
}

function accepts(token: GlobToken, char: string): boolean {
  switch (token.kind) {
    case 'char':
      return token.char === char;
    case 'any':
    case 'star':
      return char !== '/';
    case 'globstar':
      return true;
    case 'class':
      return char !== '/' && token.has(char);
    default:
      throw new Error(`unknown token ${String(token satisfies never)}`);
  }
}
