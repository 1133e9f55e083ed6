import { CURSOR } from '../terminal/escape.ts';
import { measureWidth } from '../terminal/width.ts';

/**
 * Writes the lines of the live region at the end of the terminal and keeps them there:
 * only changed lines are written again; text goes above. The cursor rests in the last
 * line, hidden. It knows nothing of runs.
 */
export interface TerminalRegion {
  /** Draws these lines in place of the last ones; after `print` also the same lines. */
  draw(lines: readonly string[]): void;
  /** Takes the region away, lets the writer write, and leaves the cursor where it stopped. */
  print(write: () => void): void;
  /** Takes the region away and shows the cursor again. May be called at any time, also twice. */
  close(): void;
}

export function openTerminalRegion(write: (text: string) => void, columnsOf: () => number): TerminalRegion {
  let drawn: string[] = [];
  let drawnColumns = columnsOf();
  let isHidden = false;

  /** Rows the drawn lines take now: after the terminal became narrower a line may take several. */
  const rowsAbove = (): number => {
    const columns = Math.max(1, columnsOf());
    if (columns >= drawnColumns) return Math.max(0, drawn.length - 1);
    const rows = drawn.map((line) => Math.max(1, Math.ceil(measureWidth(line) / columns)));
    return rows.reduce((sum, count) => sum + count, 0) - 1;
  };
  const erase = (): string => {
    if (drawn.length === 0) return '';
    const text = `\r${CURSOR.up(rowsAbove())}${CURSOR.clearDown}`;
    drawn = [];
    return text;
  };

  return {
    draw(lines) {
      const isResized = columnsOf() !== drawnColumns;
      let text = isHidden ? '' : CURSOR.hide;
      isHidden = true;
      if (isResized || drawn.length === 0 || lines.length < drawn.length) {
        text += erase() + lines.join('\r\n');
      } else {
        text += changeLines(drawn, lines);
      }
      drawn = [...lines];
      drawnColumns = columnsOf();
      if (text !== '') write(text);
    },
    print(writeText) {
      const text = erase();
      if (text !== '') write(text);
      writeText();
    },
    close() {
      const text = erase() + (isHidden ? CURSOR.show : '');
      isHidden = false;
      if (text !== '') write(text);
    },
  };
}

/** From anywhere in the last old line: rewrite what differs, append what is new, end in the last. */
function changeLines(before: readonly string[], after: readonly string[]): string {
  const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index]));
  const first = changed[0];
  if (first === undefined) return '';
  let row = Math.min(first, before.length - 1);
  let text = CURSOR.up(before.length - 1 - row);
  for (const index of changed) {
    text += `${'\r\n'.repeat(index - row)}\r${CURSOR.clearLine}${after[index] ?? ''}`;
    row = index;
  }
  return text + '\r\n'.repeat(after.length - 1 - row);
}
