import { setImmediate as nextTurn } from 'node:timers/promises';
import { removeSequences } from '#core/escape-sequences.ts';
import type { LogHit, LogHitCount } from '#core/rest-logs.ts';
import { decodeText } from '#store/log/decode-text.ts';
import type { LogKey, LogPiece, LogStore } from '#store/log/port.ts';
import { openMatcher, type LogMatcher, type LogQuery } from './log-matcher.ts';

/** Hits listed; all are counted. */
const MAX_HITS = 10_000;
/** Of the text of a hit: whoever wants more reads the line. */
const HIT_CHARACTERS = 500;
/** Other requests have their turn after so long, ms. */
const TURN_MS = 20;
/** Looking at lines of one search, ms: words take a tenth of it for 1,000,000 lines. */
const SEARCH_MS = 10_000;

/** A log to look in. Hits of several logs say which they are from. */
export interface SearchedLog {
  key: LogKey;
  from?: Required<Pick<LogHit, 'stage' | 'attempt'>>;
}

interface SearchLimits {
  searchMs?: number;
  /** Whoever asked is gone: a person who types asks anew with every key. */
  signal?: AbortSignal;
}

/**
 * NDJSON of hits ({@link LogHit}), and last their number ({@link LogHitCount}): the first 10,000 are listed and all are
 * counted, but when looking took 10 s. Throws 422 `pattern-invalid`.
 */
export async function searchLogs(
  logs: LogStore,
  searched: readonly SearchedLog[],
  query: LogQuery,
  { searchMs = SEARCH_MS, signal }: SearchLimits = {},
): Promise<AsyncIterable<string>> {
  return search(logs, searched, await openMatcher(query), openBudget(searchMs, signal));
}

async function* search(
  logs: LogStore,
  searched: readonly SearchedLog[],
  matcher: LogMatcher,
  budget: ReturnType<typeof openBudget>,
): AsyncGenerator<string> {
  let total = 0;
  for (const { key, from } of searched) {
    for await (const piece of logs.scan(key)) {
      let rows = '';
      budget.begin();
      for (const hit of findHits(piece, matcher)) {
        if (hit && ++total <= MAX_HITS) rows += `${JSON.stringify({ ...hit(), ...from })}\n`;
        if (!budget.isTurnOver()) continue;
        if (rows !== '') yield rows;
        rows = '';
        if (budget.isSpent()) break;
        await nextTurn();
        budget.begin();
      }
      if (rows !== '') yield rows;
      budget.pause();
      if (budget.isSpent()) break;
      await nextTurn();
    }
    if (budget.isSpent()) break;
  }
  const count: LogHitCount = { total, capped: budget.isSpent() };
  yield `${JSON.stringify(count)}\n`;
}

/** Null where only time passed. What a hit looks like is made for those that are listed. */
function* findHits(piece: LogPiece, matcher: LogMatcher): Generator<(() => LogHit) | null> {
  const text = removeSequences(decodeText(piece.bytes));
  let [line, at] = [piece.line, 0];
  for (const match of matcher(text)) {
    if (!match) {
      yield null;
      continue;
    }
    const { start, end, ranges } = match;
    yield () => {
      for (let feed = text.indexOf('\n', at); feed !== -1 && feed < start; feed = text.indexOf('\n', feed + 1)) line++;
      at = start;
      const shown = text.slice(start, Math.min(end, start + HIT_CHARACTERS));
      return { n: line, t: piece.timeOf(line), text: shown, ranges: ranges() };
    };
  }
}

/** Counts the time of looking alone: a reader that takes its rows slowly spends nothing. */
function openBudget(searchMs: number, signal: AbortSignal | undefined) {
  let leftMs = searchMs;
  let begun = performance.now();
  const pause = () => {
    leftMs -= performance.now() - begun;
    begun = performance.now();
  };
  return {
    begin: () => {
      begun = performance.now();
    },
    pause,
    isTurnOver: () => {
      if (performance.now() - begun <= TURN_MS) return false;
      pause();
      return true;
    },
    isSpent: () => leftMs <= 0 || signal?.aborted === true,
  };
}
