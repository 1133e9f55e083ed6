import type { Link } from './chain.ts';
import type { StoredSegment } from './merge.ts';
import { LOOKS, type LogReader, type LogView } from './open-log-reader.ts';
import type { LogRow } from './port.ts';
import { openRows, type Rows } from './rows.ts';
import { damagedLog } from './segment.ts';

const LINE_FEED = 0x0a;

/** Rows from line `from` (counted from 1): at most `limit`, and 256 KiB of text. */
export async function readLines(reader: LogReader, folder: string, from: number, limit: number): Promise<LogRow[]> {
  const first = Math.max(from, 1) - 1;
  for (let look = 1; look <= LOOKS; look++) {
    const view = await reader.view(folder);
    if (first > view.lineFeeds || limit <= 0) return [];
    const rows = openRows(first, limit, view.index.gaps);
    if (await collect(reader, view, first, rows)) return rows.end(view.manifest !== null);
  }
  throw damagedLog(folder);
}

/** Hands the bytes of the wanted lines to the rows. False when a segment was merged meanwhile. */
async function collect(reader: LogReader, view: LogView, first: number, rows: Rows): Promise<boolean> {
  // The line begins behind its predecessor's line feed: in this link, or at the next one's start.
  const start = first === 0 ? 0 : view.links.findIndex((link) => link.lineEnd >= first);
  for (const [index, link] of view.links.entries()) {
    if (index < start) continue;
    if (rows.isFull) return true;
    if (rows.isSkipping && link.line === link.lineEnd) {
      rows.skip(link.byteEnd - link.byte);
      continue;
    }
    const segment = await reader.load(view, link);
    if (!segment) return false;
    takeLines(segment, index === start && first > 0 ? findLine(link, segment, first) : 0, rows);
  }
  return true;
}

function takeLines(segment: StoredSegment, from: number, rows: Rows): void {
  const { payload, head, link } = segment;
  for (let at = from; at < payload.length && !rows.isFull;) {
    const feed = payload.indexOf(LINE_FEED, at);
    if (feed === -1) {
      rows.add(payload.subarray(at), { byte: link.byte + at, times: head.times });
      return;
    }
    rows.add(payload.subarray(at, feed), { byte: link.byte + at, times: head.times });
    rows.endLine();
    at = feed + 1;
  }
}

/** Offset behind the line feed that is the `line`-th of the log. */
function findLine(link: Link, { payload }: StoredSegment, line: number): number {
  let at = 0;
  for (let left = line - link.line; left > 0; left--) at = payload.indexOf(LINE_FEED, at) + 1;
  return at;
}
