/** A line: `t` ms since the attempt began; `cut` bytes at its end are left out. */
export interface LogLine {
  n: number;
  t: number;
  text: string;
  partial?: true;
  cut?: number;
}

/** Lines that are at hand: windows of 1,000, of which the ones used longest ago go when there are too many. */
export interface LineWindows {
  get(n: number): LogLine | null;
  /** Adds lines, in place of what was there. */
  put(lines: readonly LogLine[]): void;
  /** The first stretch of `[from, to]` that is not at hand, within one window. */
  findMissing(from: number, to: number): { from: number; limit: number } | null;
  /** Lets go of the oldest, but of none of the lines `[from, to]`. */
  trim(from: number, to: number): void;
  clear(): void;
  /** Weight of the text held, bytes. */
  readonly size: number;
}

export const WINDOW_LINES = 1_000;
const CAPACITY = 10_000_000;
/** What a line weighs besides its characters. */
const LINE_BYTES = 64;
/** A character of a text that is not Latin-1 alone; nobody can tell which. */
const CHARACTER_BYTES = 2;

interface Window {
  lines: Map<number, LogLine>;
  size: number;
}

export function createLineWindows(capacity: number = CAPACITY): LineWindows {
  // In the order of their last use.
  const windows = new Map<number, Window>();
  let size = 0;

  function use(index: number): Window | undefined {
    const window = windows.get(index);
    if (!window) return undefined;
    windows.delete(index);
    windows.set(index, window);
    return window;
  }

  return {
    get size() {
      return size;
    },
    get: (n) => windows.get(windowOf(n))?.lines.get(n) ?? null,
    put(lines) {
      for (const line of lines) {
        const index = windowOf(line.n);
        const window = use(index) ?? { lines: new Map<number, LogLine>(), size: 0 };
        windows.set(index, window);
        const change = weigh(line) - weigh(window.lines.get(line.n));
        window.lines.set(line.n, line);
        window.size += change;
        size += change;
      }
    },
    findMissing(from, to) {
      for (let n = from; n <= to; n++) {
        const window = use(windowOf(n));
        if (window?.lines.has(n)) continue;
        const end = (windowOf(n) + 1) * WINDOW_LINES;
        let next = n + 1;
        while (next <= end && !window?.lines.has(next)) next++;
        return { from: n, limit: next - n };
      }
      return null;
    },
    trim(from, to) {
      for (const [index, window] of windows) {
        if (size <= capacity) break;
        if (index >= windowOf(from) && index <= windowOf(to)) continue;
        windows.delete(index);
        size -= window.size;
      }
    },
    clear() {
      windows.clear();
      size = 0;
    },
  };
}

function windowOf(n: number): number {
  return Math.floor((n - 1) / WINDOW_LINES);
}

function weigh(line: LogLine | undefined): number {
  return line ? LINE_BYTES + line.text.length * CHARACTER_BYTES : 0;
}
