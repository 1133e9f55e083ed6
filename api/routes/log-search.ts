import type { LogKey, LogStore } from '#store/log/port.ts';
import { ProblemError } from '../problem.ts';

export interface LogSearch {
  text: string;
  /** RE2: no pattern can hang. */
  isPattern: boolean;
  isCaseSensitive: boolean;
}

/** Hits shown; all are counted up to a cap. */
const MAX_HITS = 1_000;
const MAX_COUNT = 100_000;
const LINES_AT_ONCE = 5_000;

/** NDJSON of hits `{ n, t, text }`, and last `{ total, capped }`. */
export async function searchLog(logs: LogStore, key: LogKey, search: LogSearch): Promise<AsyncIterable<string>> {
  const isHit = await createMatcher(search);
  return scan(logs, key, isHit);
}

async function* scan(logs: LogStore, key: LogKey, isHit: (line: string) => boolean): AsyncGenerator<string> {
  let total = 0;
  let from = 1;
  while (total < MAX_COUNT) {
    const rows = await logs.readLines(key, from, LINES_AT_ONCE);
    let next = from;
    for (const row of rows) {
      if ('gap' in row) continue;
      next = row.n + 1;
      if (!isHit(row.text)) continue;
      total += 1;
      if (total <= MAX_HITS) yield `${JSON.stringify({ n: row.n, t: row.t, text: row.text })}\n`;
    }
    if (next === from) break;
    from = next;
  }
  yield `${JSON.stringify({ total, capped: total >= MAX_COUNT })}\n`;
}

async function createMatcher(search: LogSearch): Promise<(line: string) => boolean> {
  if (!search.isPattern) {
    const wanted = search.isCaseSensitive ? search.text : search.text.toLowerCase();
    return (line) => (search.isCaseSensitive ? line : line.toLowerCase()).includes(wanted);
  }
  const { RE2JS } = await import('re2js');
  try {
    const pattern = RE2JS.compile(search.text, search.isCaseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    return (line) => pattern.matcher(line).find();
  } catch (error) {
    throw new ProblemError(422, 'pattern-invalid', 'q is no RE2 pattern', {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
}
