import { writeClipboard } from '../ui/write-clipboard.ts';
import type { LogKey } from './log-source.ts';
import { readExactLines } from './log-source.ts';
import type { LineRange } from './model/address.ts';
import type { LogDocument } from './model/log-document.ts';
import { readLine } from './text/read-line.ts';
import type { TextSelection } from './view/read-selection.ts';

/**
 * What was selected with the mouse, as it is read: without numbers, times and escape sequences, strange characters as
 * they are. Lines that were scrolled out of view come from what is at hand; null when one of them is not.
 */
export function textOfSelection(log: LogDocument, { first, last }: TextSelection): string | null {
  if (first.n === last.n) return first.text;
  const lines = [first.text];
  for (let n = first.n + 1; n < last.n; n++) {
    if (!log.rows.isVisible(n)) continue;
    const line = log.windows.get(n);
    if (!line) return null;
    const { runs } = readLine(line.text);
    lines.push(runs.map(({ text }) => text).join(''));
  }
  return [...lines, last.text].join('\n');
}

/** Chosen lines, byte for byte as the stage printed them. */
export async function copyLines(key: LogKey, range: LineRange): Promise<void> {
  const text = readExactLines(key, range).then((lines) => new Blob([lines], { type: 'text/plain' }));
  await writeClipboard(text);
}
