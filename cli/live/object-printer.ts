import type { Screen } from '../terminal/screen.ts';
import { openLineWriter } from './line-writer.ts';
import { type Printer, renderLine } from './printer.ts';

/** For `-o ndjson`: every object as it arrives, one a line. For the other formats nothing until the end. */
export function openObjectPrinter(screen: Screen, format: string): Printer {
  return {
    show: () => {},
    object: (object) => {
      if (format === 'ndjson') screen.out(`${JSON.stringify(object)}\n`);
    },
    say: () => {},
    notice: () => {},
    pause: () => {},
    resume: () => {},
    toggleAll: () => {},
    close: () => {},
  };
}

/** For `--quiet`: the output of the stages on stdout and not a word beside it. */
export function openQuietPrinter(screen: Screen): Printer {
  const lines = openLineWriter(screen.out);
  return {
    ...openObjectPrinter(screen, 'table'),
    show: (effect) => {
      if (effect.kind === 'line') lines.add(renderLine(screen, effect.node, effect.text, false));
    },
    close: lines.flush,
  };
}
