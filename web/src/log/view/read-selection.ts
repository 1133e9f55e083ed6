import { rowElementOf } from './row-layer.ts';

/** A line in which a selection begins or ends. */
interface Edge {
  n: number;
  /** What of the row is selected, as it is read: chips are their characters. */
  text: string;
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

/** Where a selection begins and ends. Asked of the browser when it changes alone: each question lays the page out. */
export interface SelectionWatch {
  /** Rows with an end of the selection; none when nothing of this log is selected. */
  readonly rows: ReadonlySet<HTMLElement>;
}

export function watchSelection(layer: HTMLElement, signal: AbortSignal, onSelected: () => void): SelectionWatch {
  let rows: ReadonlySet<HTMLElement> = new Set();
  const look = () => {
    const selection = document.getSelection();
    const ends = !selection || selection.isCollapsed ? [] : [selection.anchorNode, selection.focusNode];
    const found = ends.map(rowElementOf).filter((row) => row !== null && layer.contains(row));
    rows = new Set(found as HTMLElement[]);
    if (rows.size > 0) onSelected();
  };
  document.addEventListener('selectionchange', look, { signal });
  return {
    get rows() {
      return rows;
    },
  };
}

function readEdge(row: HTMLElement, range: Range): Edge {
  return { n: Number(row.dataset['key']?.slice(1)), text: readText(row, range) };
}

/** The text of a row inside the range, without its number, time and buttons. */
function readText(row: HTMLElement, range: Range): string {
  let text = '';
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!(node instanceof Text) || holder?.closest('.log-number, .log-time, .log-action, .log-note, .log-failure'))
      continue;
    if (!range.intersectsNode(node)) continue;
    const raw = holder?.dataset['raw'];
    if (raw !== undefined) {
      text += raw;
      continue;
    }
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.data.length;
    text += node.data.slice(from, to);
  }
  return text;
}
