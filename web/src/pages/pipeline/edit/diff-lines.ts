/** A line of a difference; numbers count from 1 in the text each is of. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  before: number | null;
  after: number | null;
}

/** Beyond that the middle is shown as replaced: the table of the comparison would be larger than the texts. */
const MOST_CELLS = 4_000_000;

/** What differs between two texts, line by line: a longest common subsequence between their equal ends. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const lines: DiffLine[] = [];
  const same = (i: number, j: number) => lines.push({ kind: 'same', text: a[i] ?? '', before: i + 1, after: j + 1 });
  const removed = (i: number) => lines.push({ kind: 'removed', text: a[i] ?? '', before: i + 1, after: null });
  const added = (j: number) => lines.push({ kind: 'added', text: b[j] ?? '', before: null, after: j + 1 });
  for (let i = 0; i < head; i++) same(i, i);
  const [endA, endB] = [a.length - tail, b.length - tail];
  const lengths = (endA - head + 1) * (endB - head + 1) <= MOST_CELLS ? measure(a, b, head, endA, endB) : null;
  let [i, j] = [head, head];
  while (i < endA || j < endB) {
    if (lengths && i < endA && j < endB && a[i] === b[j]) same(i++, j++);
    else if (i < endA && (j >= endB || !lengths || lengths(i + 1, j) >= lengths(i, j + 1))) removed(i++);
    else added(j++);
  }
  for (let k = 0; k < tail; k++) same(endA + k, endB + k);
  return lines;
}

/** Length of the longest common subsequence from two places on. */
function measure(a: readonly string[], b: readonly string[], from: number, endA: number, endB: number) {
  const width = endB - from + 1;
  const table = new Uint32Array((endA - from + 1) * width);
  const at = (i: number, j: number) => (i - from) * width + (j - from);
  for (let i = endA - 1; i >= from; i--) {
    for (let j = endB - 1; j >= from; j--) {
      table[at(i, j)] =
        a[i] === b[j]
          ? (table[at(i + 1, j + 1)] ?? 0) + 1
          : Math.max(table[at(i + 1, j)] ?? 0, table[at(i, j + 1)] ?? 0);
    }
  }
  return (i: number, j: number): number => table[at(i, j)] ?? 0;
}
