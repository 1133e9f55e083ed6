import { ESC } from './escape.ts';

/**
 * Columns a text takes in a terminal: 2 for CJK and emoji, 0 for marks and escape
 * sequences. The npm package for this costs 45 ms at start, so the plain cases are
 * decided here and the tables of Unicode are built only when a text needs them.
 */
export function measureWidth(text: string): number {
  const bare = text.includes(ESC) ? text.replaceAll(ESCAPES, '') : text;
  if (NARROW.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of segmenter().segment(bare)) width += measureCluster(segment);
  return width;
}

/**
 * The text cut to `columns`, with `ellipsis` in place of what is lost. Escape sequences
 * stay, so colours are closed as they were.
 */
export function cutEnd(text: string, columns: number, ellipsis: string): string {
  if (measureWidth(text) <= columns) return text;
  if (columns <= ellipsis.length) return takeColumns(text, columns);
  return takeColumns(text, columns - ellipsis.length, ellipsis);
}

/** The text shortened in the middle, for names: both ends tell them apart. */
export function cutMiddle(text: string, columns: number, ellipsis: string): string {
  if (measureWidth(text) <= columns) return text;
  if (columns <= ellipsis.length + 1) return cutEnd(text, columns, ellipsis);
  const clusters = [...segmenter().segment(text)].map(({ segment }) => segment);
  const room = columns - ellipsis.length;
  let head = '';
  let used = 0;
  while (clusters.length > 0 && used + measureCluster(clusters[0] ?? '') <= Math.ceil(room / 2)) {
    const cluster = clusters.shift() ?? '';
    head += cluster;
    used += measureCluster(cluster);
  }
  let tail = '';
  while (clusters.length > 0 && used + measureCluster(clusters.at(-1) ?? '') <= room) {
    const cluster = clusters.pop() ?? '';
    tail = cluster + tail;
    used += measureCluster(cluster);
  }
  return head + ellipsis + tail;
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - measureWidth(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - measureWidth(text))) + text;
}

const ESCAPES = new RegExp(`${ESC}\\[[0-9;:]*[A-Za-z]`, 'g');
/** ASCII, Latin, and the signs this command prints itself: one column a code unit. */
const NARROW = /^[\u0020-\u007e\u00a1-\u02ff·…✓▲✗◆×⊘■–□○◐↻◑│]*$/;

function takeColumns(text: string, columns: number, end = ''): string {
  let taken = '';
  let used = 0;
  let isFull = false;
  let last = 0;
  const take = (plain: string) => {
    if (isFull) return;
    for (const { segment } of segmenter().segment(plain)) {
      const width = measureCluster(segment);
      if (used + width > columns) {
        isFull = true;
        taken += end;
        return;
      }
      taken += segment;
      used += width;
    }
  };
  for (const match of text.matchAll(ESCAPES)) {
    take(text.slice(last, match.index));
    taken += match[0];
    last = match.index + match[0].length;
  }
  take(text.slice(last));
  return taken;
}

interface Tables {
  zero: RegExp;
  emoji: RegExp;
  wide: RegExp;
}
let tables: Tables | null = null;
let shared: Intl.Segmenter | null = null;

function segmenter(): Intl.Segmenter {
  shared ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return shared;
}

function measureCluster(cluster: string): number {
  if (NARROW.test(cluster)) return cluster.length;
  tables ??= {
    zero: /^(?:\p{Default_Ignorable_Code_Point}|\p{Control}|\p{Format}|\p{Mark}|\p{Surrogate})+$/v,
    emoji: /^\p{RGI_Emoji}$/v,
    // East Asian Width W and F, as blocks: Hangul Jamo … fullwidth forms, and the planes of ideographs.
    wide: /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2fb}\u{1f200}-\u{1f320}\u{20000}-\u{3fffd}]/u,
  };
  if (tables.zero.test(cluster)) return 0;
  return tables.emoji.test(cluster) || tables.wide.test(cluster) ? 2 : 1;
}
