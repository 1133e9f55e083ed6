import type { LogHit, LogHitCount, LogIndexObject, LogRowObject } from '#core/rest-logs.ts';
import { addressOf, get, readAnswer } from '../data/http.ts';
import { problemOf } from '../ui/describe-failure.ts';

/** One attempt's log. */
export interface LogKey {
  /** Id of the run. */
  run: string;
  stage: string;
  attempt: number;
}

export interface LogQuery {
  text: string;
  isPattern: boolean;
  isCaseSensitive: boolean;
  /** In all stages of the run instead of this log. */
  isInRun: boolean;
}

/** Times that something is asked again which may well succeed: the network changed, the server restarts. */
const TRIES = 3;
const PAUSE_MS = 300;

/** As long as the server looks, and a little more. */
const SEARCH_PATIENCE_MS = 20_000;

export function topicOf({ run, stage, attempt }: LogKey): string {
  return `log:${run}/${stage}/${attempt}`;
}

/** Address of the stored bytes: to be saved, or to be read as plain text. */
export function rawAddressOf(key: LogKey, format: 'raw' | 'text'): string {
  return addressOf(pathOf(key), { format });
}

export function readLogIndex(key: LogKey, signal?: AbortSignal): Promise<LogIndexObject> {
  return retry(() => get<LogIndexObject>(`${pathOf(key)}/index`, {}, signal));
}

/** At most 256 KiB of rows. */
export async function readLogRows(
  key: LogKey,
  query: { from: number; limit: number } | { tail: number },
  signal?: AbortSignal,
): Promise<LogRowObject[]> {
  const text = await retry(async () => {
    const { readText } = await readAnswer(pathOf(key), query, signal ? { signal } : {});
    return readText();
  });
  return parseLines<LogRowObject>(text);
}

/** The stored bytes of lines as text, without the last line feed: exactly what the stage printed. */
export async function readExactLines(key: LogKey, { from, to }: { from: number; to: number }): Promise<string> {
  const [first] = (await readLogRows(key, { from, limit: 1 })).filter((row) => 'n' in row);
  const [behind] = (await readLogRows(key, { from: to + 1, limit: 1 })).filter((row) => 'n' in row);
  if (!first) throw new Error(`there is no line ${from}`);
  const range = `bytes=${first.byte}-${behind ? behind.byte - 1 : ''}`;
  const { readText } = await readAnswer(pathOf(key), { format: 'raw' }, { headers: { Range: range } });
  return (await readText()).replace(/\n$/, '');
}

/** Tells hits as they come; answers how many there are. */
export async function searchLog(
  key: LogKey,
  query: LogQuery,
  onHits: (hits: LogHit[]) => void,
  signal: AbortSignal,
): Promise<LogHitCount> {
  const path = query.isInRun ? `runs/${key.run}/log-search` : `${pathOf(key)}/search`;
  const parameters = { q: query.text, regex: query.isPattern, case: query.isCaseSensitive };
  const { body } = await readAnswer(path, parameters, { signal, patienceMs: SEARCH_PATIENCE_MS });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const text = rest + part.value;
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const rows = parseLines<LogHit | LogHitCount>(text.slice(0, end));
    const hits = rows.filter((row) => 'n' in row);
    if (hits.length > 0) onHits(hits);
    const last = rows.at(-1);
    if (last && 'total' in last) return last;
  }
  throw new Error('the answer was cut off');
}

function pathOf({ run, stage, attempt }: LogKey): string {
  return `runs/${run}/stages/${encodeURIComponent(stage)}/attempts/${attempt}/log`;
}

function parseLines<Row>(text: string): Row[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
}

async function retry<Answer>(load: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await load();
    } catch (error) {
      const problem = problemOf(error);
      if (!problem || problem.retry === 'no' || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** tries));
    }
  }
}
