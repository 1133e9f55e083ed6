import type { LogRowObject } from '#core/rest-logs.ts';
import { type LineWindows, WINDOW_LINES } from '../model/line-windows.ts';

/** Requests under way at once: a third would only make both slower. */
const AT_ONCE = 2;
/** Text of lines above the wanted ones that is fetched with them. */
const BEFORE_BYTES = 128 * 1024;

export interface LineLoader {
  /** Fetches what is missing of these lines, and what is around it. Requests for lines no longer wanted are given up. */
  want(lines: readonly number[]): void;
  /** Why a line could not be read. */
  failureOf(n: number): string | null;
  retry(): void;
  close(): void;
}

export function createLineLoader(options: {
  windows: LineWindows;
  readRows(from: number, limit: number, signal: AbortSignal): Promise<LogRowObject[]>;
  /** Bytes of a line, about. */
  lineBytes(): number;
  onLoaded(): void;
}): LineLoader {
  const { windows, readRows, lineBytes, onLoaded } = options;
  const running = new Map<AbortController, { from: number; to: number }>();
  const failures = new Map<number, string>();
  let wanted: readonly number[] = [];

  const isRunning = (n: number) => [...running.values()].some(({ from, to }) => n >= from && n <= to);

  function next(): void {
    while (running.size < AT_ONCE) {
      const n = wanted.find((line) => !windows.get(line) && !isRunning(line) && !failures.has(windowOf(line)));
      if (n === undefined) return;
      void load(n);
    }
  }

  async function load(n: number): Promise<void> {
    const before = Math.min(Math.floor(BEFORE_BYTES / Math.max(lineBytes(), 1)), WINDOW_LINES / 2);
    const first = Math.max(windowOf(n) * WINDOW_LINES + 1, n - before);
    const stretch = windows.findMissing(first, n) ?? { from: n, limit: 1 };
    const control = new AbortController();
    running.set(control, { from: stretch.from, to: stretch.from + stretch.limit - 1 });
    try {
      const rows = await readRows(stretch.from, stretch.limit, control.signal);
      const lines = rows.filter((row) => 'n' in row);
      windows.put(lines);
      // A log that has fewer lines than it said cannot be asked for ever.
      if (lines.length === 0) failures.set(windowOf(n), 'the log ends before it');
    } catch (error) {
      if (!control.signal.aborted) failures.set(windowOf(n), error instanceof Error ? error.message : String(error));
    } finally {
      running.delete(control);
    }
    if (!control.signal.aborted) onLoaded();
    next();
  }

  return {
    want(lines) {
      wanted = lines;
      for (const [control, { from, to }] of running) {
        if (!lines.some((n) => n >= from && n <= to)) control.abort();
      }
      next();
    },
    failureOf: (n) => failures.get(windowOf(n)) ?? null,
    retry() {
      failures.clear();
      next();
    },
    close() {
      wanted = [];
      for (const control of running.keys()) control.abort();
    },
  };
}

function windowOf(n: number): number {
  return Math.floor((n - 1) / WINDOW_LINES);
}
