/**
 * Of the known words the nearest to what was written, or null when none is within two
 * edits (UI §8). Edits are insert, delete, replace and the swap of neighbours (optimal
 * string alignment); a word of one or two letters must share its first.
 */
export function findNearest(written: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = 3;
  for (const word of known) {
    const distance = countEdits(written.toLowerCase(), word.toLowerCase());
    const isTooShort = Math.min(written.length, word.length) <= 2 && written[0] !== word[0];
    if (distance < bestDistance && !isTooShort && distance < word.length) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

function countEdits(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= a.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
