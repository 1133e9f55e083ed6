import { rowElementOf } from './row-layer.ts';

/** A place in a row's line. Null stands for its end or beginning. */
interface Edge {
  n: number;
  /** What of the row is selected, as it is read: chips are their characters. */
  text: string;
  /** The whole line is. */
  isWhole: boolean;
}

/** What the person has selected with the mouse: the first and the last line, and how much of them. */
export interface TextSelection {
  first: Edge;
  last: Edge;
}

/** Null when nothing of a log is selected. */
export function readSelection(layer: HTMLElement): TextSelection | null {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(layer)) return null;
  const rows = [...layer.querySelectorAll<HTMLElement>('.log-row[data-key^="L"]')].filter((row) =>
    range.intersectsNode(row),
  );
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return null;
  return { first: readEdge(first, range), last: readEdge(last, range) };
}

export function hasSelection(layer: HTMLElement): boolean {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return false;
  return [selection.anchorNode, selection.focusNode].some(
    (node) => node !== null && layer.contains(rowElementOf(node)),
  );
}

function readEdge(row: HTMLElement, range: Range): Edge {
  const n = Number(row.dataset['key']?.slice(1));
  const text = readText(row, range);
  return { n, text, isWhole: text === readText(row, null) };
}

/** The text of a row inside the range, without its number, time and buttons. */
function readText(row: HTMLElement, range: Range | null): string {
  let text = '';
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!(node instanceof Text) || holder?.closest('.log-number, .log-time, .log-action, .log-note, .log-failure'))
      continue;
    if (range && !range.intersectsNode(node)) continue;
    const raw = holder?.dataset['raw'];
    if (raw !== undefined) {
      text += raw;
      continue;
    }
    const from = range && node === range.startContainer ? range.startOffset : 0;
    const to = range && node === range.endContainer ? range.endOffset : node.data.length;
    text += node.data.slice(from, to);
  }
  return text;
}
