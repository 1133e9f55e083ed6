import type { Screen } from '../terminal/screen.ts';
import { openLineWriter } from './line-writer.ts';
import { type Printer, renderClosing, renderGap, renderLine } from './printer.ts';
import { renderRegion } from './region.ts';
import { openTerminalRegion } from './terminal-region.ts';
import type { View } from './view.ts';

/** At most 20 redraws a second (UI §8). */
const FRAME_MS = 50;
/** How often clocks move when nothing else happens. */
const CLOCK_MS = 100;

export interface LiveOptions {
  screen: Screen;
  view: () => View;
  hasKeys: boolean;
  write: (text: string) => void;
}

/**
 * A region at the end of the terminal that shows what runs; what is finished is printed
 * once above it. Output of stages goes above it when one stage runs at a time, when all
 * of it is asked for, or when stdout is no terminal.
 */
export function openLivePrinter({ screen, view, hasKeys, write }: LiveOptions): Printer {
  const lines = openLineWriter(screen.out);
  const region = openTerminalRegion(write, () => screen.size().columns);
  let above: { isData: boolean; text: string }[] = [];
  let notice: string | null = null;
  let isAll = false;
  let isPaused = false;
  let isClosed = false;
  let drawnAt = 0;
  let frame: NodeJS.Timeout | null = null;
  const clock = setInterval(schedule, CLOCK_MS);

  function schedule(): void {
    if (frame || isPaused || isClosed) return;
    frame = setTimeout(flush, Math.max(0, FRAME_MS - (Date.now() - drawnAt)));
  }

  function writeAbove(): void {
    const pieces = above;
    above = [];
    for (const { isData, text } of pieces) (isData ? screen.out : screen.say)(text);
  }

  function flush(): void {
    frame = null;
    if (isPaused || isClosed) return;
    drawnAt = Date.now();
    if (above.length > 0) region.print(writeAbove);
    region.draw(renderRegion(view(), screen, { now: drawnAt, ...screen.size(), hasKeys, notice }));
  }

  function stop(): void {
    if (frame) clearTimeout(frame);
    frame = null;
    region.print(writeAbove);
    region.close();
  }

  const put = (isData: boolean, text: string) => {
    if (text === '') return;
    above.push({ isData, text });
    schedule();
  };

  return {
    show(effect) {
      switch (effect.kind) {
        case 'line': {
          const { isSequential } = view();
          if (!screen.isOutTty) lines.add(renderLine(screen, effect.node, effect.text, false));
          else if (isSequential || isAll) put(true, renderLine(screen, effect.node, effect.text, isSequential));
          else schedule();
          break;
        }
        case 'gap':
          put(false, renderGap(effect));
          break;
        case 'finished':
          put(false, renderClosing(effect.node, screen));
          break;
        case 'started':
        case 'gate':
        case 'follow':
        case 'queued':
        case 'changed':
          schedule();
          break;
        default:
          effect satisfies never;
      }
    },
    object: () => {},
    say: (text) => put(false, text),
    notice(text) {
      notice = text;
      schedule();
    },
    pause() {
      isPaused = true;
      stop();
    },
    resume() {
      isPaused = false;
      schedule();
    },
    toggleAll() {
      isAll = !isAll;
      schedule();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      lines.flush();
      clearInterval(clock);
      stop();
    },
  };
}
