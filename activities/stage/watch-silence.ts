import type { OutputSink } from '../executor/port.ts';
import type { AttemptOutput } from './attempt-output.ts';

export interface SilenceWatch {
  /** Output is awaited from now on. */
  begin(): void;
  /** The output's sink, with an ear at it: what reached the log is output, our own marks are none. */
  listen(output: AttemptOutput): OutputSink;
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

  function arm(limit: number): void {
    const left = heardAt + limit - Date.now();
    if (left <= 0) onSilent(limit);
    // setTimeout takes no more than 31 bits.
    else timer = setTimeout(() => !isOver && arm(limit), Math.min(left, 2_147_483_647));
  }

  return {
    begin() {
      if (limitMs === null || timer !== undefined || isOver) return;
      heardAt = Date.now();
      arm(limitMs);
    },
    listen(output) {
      if (limitMs === null) return output.sink;
      return {
        async onBytes(bytes) {
          const before = output.printedBytes();
          await output.sink.onBytes(bytes);
          if (output.printedBytes() > before) heardAt = Date.now();
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
