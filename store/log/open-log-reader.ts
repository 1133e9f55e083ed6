import type { ObjectStore } from '../object/port.ts';
import { buildChain, endOfChain, type Link } from './chain.ts';
import { addEvents, EMPTY_INDEX, type IndexSoFar } from './index-so-far.ts';
import { decodeLogManifest, type LogManifest } from './manifest.ts';
import { cutSegment, type StoredSegment } from './merge.ts';
import { listNames, loadEnd, readSegment } from './resume.ts';
import { openSegmentCache } from './segment-cache.ts';
import { MANIFEST_NAME } from './segment-name.ts';
import { damagedLog, type Segment } from './segment.ts';

/** A log as it stands at one moment. */
export interface LogView {
  folder: string;
  links: Link[];
  index: IndexSoFar;
  bytes: number;
  /** Line feeds. */
  lineFeeds: number;
  manifest: LogManifest | null;
}

export interface LogReader {
  view(folder: string): Promise<LogView>;
  /** What a link of the view holds. Null when it was merged since: take a new view. */
  load(view: LogView, link: Link): Promise<StoredSegment | null>;
}

/** Looks before a part that cannot be found is called lost. A writer merges once in 64 flushes. */
export const LOOKS = 8;

/** Manifests kept: those of the runs being looked at. */
const MANIFESTS_HELD = 64;

/** Reads logs, also while another process writes them: only through the object store. */
export function openLogReader(objects: ObjectStore): LogReader {
  const cache = openSegmentCache();
  const manifests = new Map<string, LogManifest>();

  async function findManifest(folder: string): Promise<LogManifest | null> {
    const known = manifests.get(folder);
    if (known) return known;
    const stored = await objects.get(folder + MANIFEST_NAME);
    if (!stored) return null;
    const manifest = decodeLogManifest(stored);
    manifests.set(folder, manifest);
    for (const oldest of [...manifests.keys()].slice(0, -MANIFESTS_HELD)) manifests.delete(oldest);
    return manifest;
  }

  async function loadSegment(key: string): Promise<Segment | 'damaged' | null> {
    const known = cache.get(key);
    if (known) return known;
    const segment = await readSegment(objects, key);
    if (segment !== null && segment !== 'damaged') cache.put(key, segment);
    return segment;
  }

  async function viewRunning(folder: string, isLastLook: boolean): Promise<LogView | null> {
    const { links: chained, hasHole } = buildChain(await listNames(objects, folder));
    if (hasHole && !isLastLook) return null;
    const end = await loadEnd(chained, (key) => loadSegment(folder + key));
    if (!end) return null;
    const { links, loaded } = end;
    let index = loaded[0]?.head.before ?? EMPTY_INDEX;
    for (const { head } of loaded) index = addEvents(index, head.events);
    const { byte, line } = endOfChain(links);
    return { folder, links, index, bytes: byte, lineFeeds: line, manifest: null };
  }

  return {
    async view(folder) {
      for (let look = 1; ; look++) {
        const manifest = await findManifest(folder);
        if (manifest) {
          const { links, index, bytes } = manifest;
          return { folder, links, index, bytes, lineFeeds: endOfChain(links).line, manifest };
        }
        const running = await viewRunning(folder, look === LOOKS);
        if (running) return running;
        if (look === LOOKS) throw damagedLog(folder);
      }
    },
    async load({ folder }, link) {
      const segment = await loadSegment(folder + link.key);
      if (segment === 'damaged') throw damagedLog(folder + link.key);
      return segment && cutSegment(link, segment);
    },
  };
}
