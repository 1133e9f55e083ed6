import type { StreamLine } from '#core/rest.ts';
import { findRun } from '#db/queries/find-run.ts';
import { findAttempt } from '#db/queries/read-run.ts';
import type { Scoped } from '#db/scope.ts';
import type { LogRow } from '#store/log/port.ts';
import type { ApiContext } from '../context.ts';
import type { StreamReader, TopicSource } from './source.ts';

/** Text in one event, at most (UI §9). */
const EVENT_CHARACTERS = 64 * 1024;
/** Rows read at once. */
const ROWS = 4_000;

/**
 * The log of an attempt by lines, read from the store as far as the reader takes it: a slow reader costs no memory and
 * loses nothing. A line that is still being written comes with `partial` and again, whole, when it grew; its number is
 * then where the next event begins.
 */
export function createLogSource(
  context: ApiContext,
  reader: StreamReader,
  topic: { name: string; runId: string; stage: string; attempt: number; position: number },
): TopicSource {
  const { runId, stage, attempt } = topic;
  const key = { runId, stage, attempt };
  let next = topic.position;
  let partial = '';
  let isEnded = false;
  const gaps = new Set<string>();
  return {
    name: topic.name,
    // A log that never begins ends with its run.
    rings: [topic.name, `run:${runId}`],
    get position() {
      return next;
    },
    get isEnded() {
      return isEnded;
    },
    async *read() {
      // Asked before the lines are read: what was durable at its end is then among them.
      const end = await reader.data((scoped) => findEnd(scoped, key));
      const rows = await context.stores.logs.readLines(key, next, ROWS);
      let count = 0;
      for (const piece of splitRows(rows)) {
        if (piece.kind === 'gap') {
          const mark = `${next}:${piece.bytes}:${piece.fromAt}`;
          if (gaps.has(mark)) continue;
          gaps.add(mark);
          yield { event: 'gap', topic: topic.name, from: next, to: next, bytes: piece.bytes };
          continue;
        }
        const last = piece.lines.at(-1);
        if (piece.isPartial && piece.lines.length === 1 && last?.text === partial && piece.from === next) continue;
        count += piece.lines.length;
        next = piece.from + piece.lines.length - (piece.isPartial ? 1 : 0);
        partial = piece.isPartial ? (last?.text ?? '') : '';
        yield {
          event: 'log',
          topic: topic.name,
          from: piece.from,
          byte: piece.byte,
          lines: piece.lines,
          ...(piece.isPartial ? { partial: true as const } : {}),
        };
      }
      if (count > 0) return { isMore: true };
      if (end) {
        isEnded = true;
        yield { event: 'end', topic: topic.name, object: end };
      }
      return { isMore: false };
    },
  };
}

type Piece =
  | { kind: 'gap'; bytes: number; fromAt: string }
  | { kind: 'lines'; from: number; byte: number; lines: StreamLine[]; isPartial: boolean };

function* splitRows(rows: readonly LogRow[]): Generator<Piece> {
  let lines: Extract<LogRow, { n: number }>[] = [];
  let size = 0;
  const take = (): Piece[] => {
    const [first] = lines;
    if (!first) return [];
    const piece: Piece = {
      kind: 'lines',
      from: first.n,
      byte: first.byte,
      lines: lines.map(({ t, text, cut }) => ({ t, text, ...(cut ? { cut } : {}) })),
      isPartial: lines.at(-1)?.partial === true,
    };
    lines = [];
    size = 0;
    return [piece];
  };
  for (const row of rows) {
    if ('gap' in row) {
      yield* take();
      yield { kind: 'gap', bytes: row.gap.bytes, fromAt: row.gap.fromAt };
      continue;
    }
    if (size > 0 && size + row.text.length > EVENT_CHARACTERS) yield* take();
    lines.push(row);
    size += row.text.length + 1;
  }
  yield* take();
}

/** How long the log is once it is over. One that never began is over with its run. */
async function findEnd(
  scoped: Scoped,
  key: { runId: string; stage: string; attempt: number },
): Promise<{ lines: number; bytes: number } | null> {
  const row = await findAttempt(scoped, key);
  if (row) return row.logEnded ? { lines: row.logLines, bytes: row.logBytes } : null;
  const run = await findRun(scoped, key.runId);
  return !run || run.statusKind === 'ended' ? { lines: 0, bytes: 0 } : null;
}
