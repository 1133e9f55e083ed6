/** How well a text fits what was typed: 0 exact, 1 prefix, 2 at the beginnings of words, 3 letters in order. */
export type Rank = 0 | 1 | 2 | 3;

/** The rank of `text` for `typed`; null when it does not fit. Case and spaces do not matter. */
export function rankText(typed: string, text: string): Rank | null {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, '');
  const lower = text.toLowerCase();
  if (wanted === '') return 3;
  if (lower.replaceAll(/\s+/g, '') === wanted) return 0;
  if (lower.startsWith(typed.toLowerCase().trim())) return 1;
  // Most fit nothing, and this says so at once.
  if (!isSubsequence(wanted, lower)) return null;
  return fitsWordStarts(wanted, lower) ? 2 : 3;
}

function isSubsequence(wanted: string, text: string): boolean {
  let at = -1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

/** Whether the letters are those words begin with, each followed by as many of its word as fit: `shap` in `shop-api`. */
function fitsWordStarts(wanted: string, text: string): boolean {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  // What was tried in vain, by word and letters left: names of many like words would take for ever.
  const vain = new Set<string>();
  const fits = (from: number, letters: string): boolean => {
    if (letters === '') return true;
    const tried = `${from} ${letters.length}`;
    if (vain.has(tried)) return false;
    for (let at = from; at < words.length; at++) {
      const shared = countShared(words[at] ?? '', letters);
      for (let taken = shared; taken > 0; taken--) if (fits(at + 1, letters.slice(taken))) return true;
    }
    vain.add(tried);
    return false;
  };
  return fits(0, wanted);
}

function countShared(one: string, other: string): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
}

/** Those that fit, best first; of equal rank those used last, then in their own order. */
export function sortByRank<Item>(
  typed: string,
  items: readonly Item[],
  textOf: (item: Item) => string,
  usedAt: (item: Item) => number,
): Item[] {
  return items
    .flatMap((item) => {
      const rank = rankText(typed, textOf(item));
      return rank === null ? [] : [{ item, rank, used: usedAt(item) }];
    })
    .toSorted((a, b) => a.rank - b.rank || b.used - a.used)
    .map(({ item }) => item);
}
