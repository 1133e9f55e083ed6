import type { ObjectStore } from '../object/port.ts';
import { buildChain, type Chain, endOfChain, type Link } from './chain.ts';
import { addEvents, EMPTY_INDEX, type IndexSoFar } from './index-so-far.ts';
import { cutSegment, isFull, type StoredSegment } from './merge.ts';
import { formatTakeoverName } from './segment-name.ts';
import { damagedLog, decodeSegment, type ResumePoint, type Segment } from './segment.ts';

/** All that a writer needs to go on behind what is stored. */
export interface Resumption {
  takeovers: Chain['takeovers'];
  /** Segments that stay as they are. */
  settled: Link[];
  /** The index behind the settled ones. */
  settledIndex: IndexSoFar;
  /** Segments behind them, which may be merged with what comes. */
  tail: StoredSegment[];
  after: ResumePoint;
}

/** A listing may be overtaken by a merge; then it is taken anew. */
const LISTINGS = 5;

const BEGINNING: ResumePoint = { raw: 0, skip: 0, isMidLine: false, t: 0 };

/**
 * Reads the log's end: back to the last merged segment, which knows the index in front of
 * it. Damaged segments at the end (the machine died) and all behind them are given up:
 * the stream is asked for these bytes again.
 */
export async function findResumption(objects: ObjectStore, folder: string): Promise<Resumption> {
  for (let listing = 1; ; listing++) {
    const chain = buildChain(await listNames(objects, folder));
    const loaded = await loadEnd(chain.links, (key) => readSegment(objects, folder + key));
    if (loaded) return resumeBehind(objects, folder, chain, loaded);
    if (listing === LISTINGS) throw damagedLog(folder);
  }
}

/** Names of the objects in a log's folder. */
export async function listNames(objects: ObjectStore, folder: string): Promise<string[]> {
  return (await objects.list(folder)).map((key) => key.slice(folder.length));
}

/** A stored segment; `damaged` when its bytes are not those that were written, null when it is not there. */
export async function readSegment(objects: ObjectStore, key: string): Promise<Segment | 'damaged' | null> {
  const stored = await objects.get(key);
  return stored && (decodeSegment(stored) ?? 'damaged');
}

/** The last segments that are whole, back to a merged one. Null when one of them has just been removed. */
export async function loadEnd(
  links: readonly Link[],
  load: (key: string) => Promise<Segment | 'damaged' | null>,
): Promise<LoadedEnd | null> {
  let loaded: StoredSegment[] = [];
  let good = links.length;
  for (const [index, link] of [...links.entries()].toReversed()) {
    const segment = await load(link.key);
    if (segment === null) return null;
    if (segment === 'damaged') {
      loaded = [];
      good = index;
      continue;
    }
    loaded.push(cutSegment(link, segment));
    if (segment.head.before) break;
  }
  return { links: links.slice(0, good), loaded: loaded.toReversed() };
}

export interface LoadedEnd {
  links: Link[];
  /** The last of the links with their content. The first of them is a merged one, or the log's first. */
  loaded: StoredSegment[];
}

async function resumeBehind(
  objects: ObjectStore,
  folder: string,
  chain: Chain,
  { links, loaded }: LoadedEnd,
): Promise<Resumption> {
  const [first, last] = [loaded[0], loaded.at(-1)];
  const before = first?.head.before ?? EMPTY_INDEX;
  const isSettled = first !== undefined && isFull([first]);
  const settled = links.slice(0, links.length - loaded.length + Number(isSettled));
  const settledIndex = isSettled ? addEvents(before, first.head.events) : before;
  const tail = isSettled ? loaded.slice(1) : loaded;
  const isCut = !last || last.link.to < last.link.segment.last;
  const after = isCut ? await readTakeover(objects, folder, chain, endOfChain(links).seq) : last.head.after;
  return { takeovers: chain.takeovers, settled, settledIndex, tail, after };
}

/** What a writer that wrote nothing yet had found. */
async function readTakeover(objects: ObjectStore, folder: string, chain: Chain, seq: number): Promise<ResumePoint> {
  const takeover = chain.takeovers.findLast(({ from }) => from === seq);
  if (!takeover) {
    if (seq === 0) return BEGINNING;
    throw damagedLog(folder);
  }
  const stored = await objects.get(folder + formatTakeoverName(takeover));
  if (!stored) throw damagedLog(folder);
  try {
    return JSON.parse(Buffer.from(stored).toString()) as ResumePoint;
  } catch {
    throw damagedLog(folder + formatTakeoverName(takeover));
  }
}
