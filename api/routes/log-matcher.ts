import { ProblemError } from '../problem.ts';

export interface LogQuery {
  text: string;
  /** RE2: no pattern can hang, but a line costs as much as the pattern is large. */
  isPattern: boolean;
  isCaseSensitive: boolean;
}

/** A line with a hit, by its place in the text that was looked at. */
export interface LineMatch {
  start: number;
  end: number;
  /** Places of the hits in the line. */
  ranges(): [from: number, to: number][];
}

/** Lines of a text with a hit, in order; null for the time being: nothing new was found, and others may have their turn. */
export type LogMatcher = (text: string) => Generator<LineMatch | null>;

/** Places told of one line. */
const MAX_RANGES = 20;
/** Instructions of a compiled pattern: a word has some tens. */
const MAX_INSTRUCTIONS = 500;

/** Throws 422 `pattern-invalid`. */
export async function openMatcher(query: LogQuery): Promise<LogMatcher> {
  if (query.text.includes('\n')) throw new ProblemError(422, 'pattern-invalid', 'q is more than one line');
  return query.isPattern ? matchPattern(query) : matchWords(query);
}

/** The engine's own search in the whole text at once: an escaped text cannot run long. */
function matchWords({ text, isCaseSensitive }: LogQuery): LogMatcher {
  const wanted = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), isCaseSensitive ? 'g' : 'gi');
  const inLine = new RegExp(wanted);
  return function* (all) {
    for (let at = 0; ;) {
      wanted.lastIndex = at;
      const found = wanted.exec(all);
      if (!found) return;
      const start = all.lastIndexOf('\n', found.index) + 1;
      const end = endOfLine(all, found.index);
      yield { start, end, ranges: () => findRanges(all.slice(start, end), inLine) };
      at = end + 1;
    }
  };
}

function findRanges(line: string, wanted: RegExp): [number, number][] {
  return [...line.matchAll(wanted)].slice(0, MAX_RANGES).map(({ 0: hit, index }) => [index, index + hit.length]);
}

async function matchPattern({ text, isCaseSensitive }: LogQuery): Promise<LogMatcher> {
  const { RE2JS } = await import('re2js');
  const compile = () => {
    const pattern = RE2JS.compile(text, isCaseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > MAX_INSTRUCTIONS) throw new Error('its repetitions make it too large');
    return pattern;
  };
  let pattern: ReturnType<typeof compile>;
  try {
    pattern = compile();
  } catch (error) {
    throw new ProblemError(422, 'pattern-invalid', 'q is no RE2 pattern', {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
  const rangesOf = (line: string) => {
    const ranges: [number, number][] = [];
    for (const matcher = pattern.matcher(line); ranges.length < MAX_RANGES && matcher.find();) {
      ranges.push([matcher.start(), matcher.end()]);
    }
    return ranges;
  };
  return function* (all) {
    for (let start = 0; start < all.length;) {
      const end = endOfLine(all, start);
      const line = all.slice(start, all[end - 1] === '\r' && end > start ? end - 1 : end);
      yield pattern.test(line) ? { start, end, ranges: () => rangesOf(line) } : null;
      start = end + 1;
    }
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
