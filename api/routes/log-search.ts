import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogKey, LogStore } from '#store/log/port.ts';
import { ProblemError } from '../problem.ts';

export interface LogSearch {
  text: string;
  /** RE2: no pattern can hang, but a line costs as much as the pattern is large. */
  isPattern: boolean;
  isCaseSensitive: boolean;
}

/** Hits shown; all are counted up to a cap. */
const MAX_HITS = 1_000;
const MAX_COUNT = 100_000;
const LINES_AT_ONCE = 5_000;
/** Instructions of a compiled pattern: a word has some tens. */
const MAX_INSTRUCTIONS = 500;
/** Other requests have their turn after so long, ms. */
const TURN_MS = 20;
/** Looking at lines of one search, ms. */
const SEARCH_MS = 5_000;

/**
 * NDJSON of hits `{ n, t, text }`, and last `{ total, capped }`: capped after 100,000 hits or 5 s. Throws 422
 * `pattern-invalid`.
 */
export async function searchLog(
  logs: LogStore,
  key: LogKey,
  search: LogSearch,
  searchMs: number = SEARCH_MS,
): Promise<AsyncIterable<string>> {
  const isHit = await createMatcher(search);
  return scan(logs, key, isHit, searchMs);
}

async function* scan(
  logs: LogStore,
  key: LogKey,
  isHit: (line: string) => boolean,
  searchMs: number,
): AsyncGenerator<string> {
  let total = 0;
  let from = 1;
  let leftMs = searchMs;
  while (total < MAX_COUNT && leftMs > 0) {
    const rows = await logs.readLines(key, from, LINES_AT_ONCE);
    let next = from;
    let begun = performance.now();
    for (const row of rows) {
      const turnMs = performance.now() - begun;
      if (turnMs > TURN_MS) {
        leftMs -= turnMs;
        if (leftMs <= 0) break;
        await nextTurn();
        begun = performance.now();
      }
      if ('gap' in row) continue;
      next = row.n + 1;
      if (!isHit(row.text)) continue;
      total += 1;
      if (total <= MAX_HITS) yield `${JSON.stringify({ n: row.n, t: row.t, text: row.text })}\n`;
    }
    if (next === from) break;
    from = next;
  }
  yield `${JSON.stringify({ total, capped: total >= MAX_COUNT || leftMs <= 0 })}\n`;
}

async function createMatcher(search: LogSearch): Promise<(line: string) => boolean> {
  if (!search.isPattern) {
    const wanted = search.isCaseSensitive ? search.text : search.text.toLowerCase();
    return (line) => (search.isCaseSensitive ? line : line.toLowerCase()).includes(wanted);
  }
  const { RE2JS } = await import('re2js');
  try {
    const pattern = RE2JS.compile(search.text, search.isCaseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > MAX_INSTRUCTIONS) throw new Error('its repetitions make it too large');
    return (line) => pattern.matcher(line).find();
  } catch (error) {
    throw new ProblemError(422, 'pattern-invalid', 'q is no RE2 pattern', {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
}
