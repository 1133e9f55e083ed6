import type { OutputSink } from '../executor/port.ts';
import type { AttemptOutput } from './attempt-output.ts';

export interface SilenceWatch {
  /** Output is awaited from now on; anew after `suspend`. */
  begin(): void;
  /** Nobody hears the program: what it prints now is not known, so its silence does not count. */
  suspend(): void;
  /** The output's sink, with an ear at it: what reached the log is output, our own marks are none. */
  listen(output: Pick<AttemptOutput, 'sink' | 'printedBytes'>): OutputSink;
  end(): void;
}

/**
 * Calls back when an attempt prints nothing for `limitMs`; null: never. A worker that takes over begins to count anew:
 * how long it was silent before is not known.
 */
export function watchSilence(limitMs: number | null, onSilent: (silentMs: number) => void): SilenceWatch {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let heardAt = 0;
  /** A log that is slow to take what came is no silence of the program. */
  let isTaking = false;

  function arm(limit: number): void {
    const left = isTaking ? limit : heardAt + limit - performance.now();
    if (left <= 0) onSilent(limit);
    // setTimeout takes no more than 31 bits.
    else timer = setTimeout(() => !isOver && arm(limit), Math.min(left, 2_147_483_647));
  }

  return {
    begin() {
      if (limitMs === null || isOver) return;
      clearTimeout(timer);
      heardAt = performance.now();
      arm(limitMs);
    },
    suspend() {
      clearTimeout(timer);
    },
    listen(output) {
      if (limitMs === null) return output.sink;
      return {
        async onBytes(bytes) {
          const before = output.printedBytes();
          isTaking = true;
          try {
            await output.sink.onBytes(bytes);
          } finally {
            isTaking = false;
          }
          if (output.printedBytes() > before) heardAt = performance.now();
        },
        onGap: (gap) => output.sink.onGap(gap),
      };
    },
    end() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
