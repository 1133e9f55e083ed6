import type { LineRange } from '../model/address.ts';
import { formatTime, type TimeMode } from '../model/line-time.ts';
import type { LogLine } from '../model/line-windows.ts';
import type { LogDocument } from '../model/log-document.ts';
import { type LineLook, NO_RANGES } from './draw-line.ts';

/** What else than the log decides how lines look. */
export interface Viewing {
  time: TimeMode;
  startedAt: string | null;
  selection: LineRange | null;
  /** Line of the hit that one stands at. */
  currentHit: number | null;
}

export interface LineLooks {
  /** The same object as long as the line looks the same. */
  lookOf(n: number): LineLook;
  /** Something else than a line's text changed: looks are made anew. */
  forget(): void;
  /** Opens or closes the rest of a very long line, or what a line showed before. */
  toggleWhole(n: number): void;
  toggleEarlier(n: number): void;
}

export function createLineLooks(
  log: LogDocument,
  viewing: Viewing,
  failureOf: (n: number) => string | null,
): LineLooks {
  const made = new Map<number, { look: LineLook; age: number }>();
  let age = 0;
  const whole = new Set<number>();
  const earlier = new Set<number>();

  function make(n: number, line: LogLine | null, failure: string | null): LineLook {
    const { selection } = viewing;
    return {
      ...{ line, failure, isWhole: whole.has(n), hasEarlier: earlier.has(n) },
      ranges: log.hits.get(n)?.ranges ?? NO_RANGES,
      isCurrentHit: viewing.currentHit === n,
      isError: log.errors.has(n),
      isSelected: selection !== null && n >= selection.from && n <= selection.to,
      section: log.sectionAt(n),
      depth: log.depthOf(n),
      time: line && formatTime(viewing.time, line.t, viewing.startedAt),
    };
  }

  const toggle = (set: Set<number>, n: number) => {
    if (!set.delete(n)) set.add(n);
    made.delete(n);
  };
  return {
    lookOf(n) {
      const line = log.windows.get(n);
      const failure = line ? null : failureOf(n);
      const known = made.get(n);
      if (known?.age === age && known.look.line === line && known.look.failure === failure) return known.look;
      const fresh = make(n, line, failure);
      // What looks as it did is not drawn again: a selection in it would collapse.
      const look = known && isSameLook(known.look, fresh) ? known.look : fresh;
      // Looks of rows that were scrolled past hold their lines: they go all at once.
      if (made.size > 300) made.clear();
      made.set(n, { look, age });
      return look;
    },
    forget: () => void age++,
    toggleWhole: (n) => toggle(whole, n),
    toggleEarlier: (n) => toggle(earlier, n),
  };
}

function isSameLook(known: LineLook, fresh: LineLook): boolean {
  const write = (look: LineLook) => JSON.stringify({ ...look, line: null });
  return known.line === fresh.line && write(known) === write(fresh);
}
