import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import { useTopic, type TopicEvent } from '../data/stream.ts';
import { type LogKey, readLogIndex, readLogRows, topicOf } from './log-source.ts';
import { type LineRange, parseLines } from './model/address.ts';
import type { LogLine } from './model/line-windows.ts';
import { type LogView, type LogViewState, openLogView } from './view/log-view.ts';

/** Lines with which a log opens. */
const TAIL_LINES = 500;
/** While a log grows, its steps, sections and errors are asked for so often, ms. */
const INDEX_MS = 2_000;

export type Opening = { kind: 'opening' } | { kind: 'open' } | { kind: 'refused'; problem: unknown };

export interface ShownLog {
  /** Null until there is something to act on. */
  view: LogView | null;
  state: LogViewState | null;
  opening: Opening;
  retry(): void;
}

/** Opens a log inside an element and keeps it live. */
export function useLogView(
  host: RefObject<HTMLElement | null>,
  key: LogKey,
  { hasFailed, onSelect }: { hasFailed: boolean; onSelect(range: LineRange | null): void },
): ShownLog {
  const [opening, setOpening] = useState<Opening>({ kind: 'opening' });
  const [state, setState] = useState<LogViewState | null>(null);
  const [view, setView] = useState<LogView | null>(null);
  const [tries, setTries] = useState(0);
  /** The next line wanted of the stream; undefined until the log is open, and when it has ended. */
  const [from, setFrom] = useState<number>();
  const refresh = useRef<(isUrgent: boolean) => void>(() => {});
  const select = useEffectEvent(onSelect);
  const { run, stage, attempt } = key;

  useEffect(() => {
    if (!host.current) return undefined;
    const control = new AbortController();
    const { signal } = control;
    const opened = openLogView(host.current, {
      onState: setState,
      onSelect: (range) => select(range),
      readRows: (first, limit, rowsSignal) => readLogRows(key, { from: first, limit }, rowsSignal),
    });
    const open = async () => {
      const lines = parseLines(location.hash);
      const around = lines
        ? { from: Math.max(lines.from - TAIL_LINES, 1), limit: 2 * TAIL_LINES }
        : { tail: TAIL_LINES };
      const [index, rows] = await Promise.all([readLogIndex(key, signal), readLogRows(key, around, signal)]);
      opened.open(index, rows, { lines, hasFailed });
      setView(opened);
      setOpening({ kind: 'open' });
      setFrom(index.ended ? undefined : opened.log.lines + 1);
    };
    open().catch((problem: unknown) => {
      if (!signal.aborted) setOpening({ kind: 'refused', problem });
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    refresh.current = (isUrgent) => {
      if (timer !== undefined && !isUrgent) return;
      clearTimeout(timer);
      const read = () => {
        timer = undefined;
        void readLogIndex(key, signal)
          .then((index) => {
            opened.setIndex(index);
            if (index.ended) setFrom(undefined);
          })
          // The next line asks again.
          .catch(() => {});
      };
      timer = setTimeout(read, isUrgent ? 0 : INDEX_MS);
    };
    // Nobody waits for all that came while the page was not looked at: what is seen of it is read.
    const onVisibility = () => {
      if (opened.log.index.ended) return;
      if (document.visibilityState === 'hidden') return setFrom(undefined);
      void readLogIndex(key, signal)
        .then((index) => {
          opened.setIndex(index);
          if (!index.ended) setFrom(opened.log.lines + 1);
        })
        .catch(() => setFrom(opened.log.lines + 1));
    };
    document.addEventListener('visibilitychange', onVisibility, { signal });
    return () => {
      control.abort();
      clearTimeout(timer);
      opened.close();
      setView(null);
      setState(null);
      setFrom(undefined);
      setOpening({ kind: 'opening' });
    };
  }, [run, stage, attempt, tries]);

  useTopic(from === undefined ? null : topicOf(key), from, (events) => {
    if (!view) return;
    const lines = events.flatMap(linesOf);
    if (lines.length > 0) view.grow(lines);
    refresh.current(events.some(({ event }) => event === 'end' || event === 'gap'));
    if (events.some(({ event }) => event === 'resync')) setTries((before) => before + 1);
  });

  return { view, state, opening, retry: () => setTries((before) => before + 1) };
}

function linesOf(event: TopicEvent): LogLine[] {
  if (event.event !== 'log') return [];
  return event.lines.map(({ t, text, cut }, index) => {
    const isPartial = event.partial === true && index === event.lines.length - 1;
    return { n: event.from + index, t, text, ...(isPartial && { partial: true as const }), ...(cut ? { cut } : {}) };
  });
}
