import { createHash, randomBytes } from 'node:crypto';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { ObjectStore } from '../object/port.ts';
import { type Arena, openArena } from './arena.ts';
import { endOfChain, type Link } from './chain.ts';
import { addEvents, type IndexSoFar } from './index-so-far.ts';
import { encodeLogManifest, type LogManifest } from './manifest.ts';
import { cutSegment, FULL_BYTES, isFull, mergeHeads, planMerge } from './merge.ts';
import { findResumption, listNames } from './resume.ts';
import { formatSegmentName, formatTakeoverName, MANIFEST_NAME, nextWriter, parseTakeoverName } from './segment-name.ts';
import { damagedLog, decodeSegment, encodeSegment, type ResumePoint, type SegmentHead } from './segment.ts';

/** The writing side of a log's folder: what was committed is durable, in order, and survives any death. */
export interface Journal {
  /** Where this writer goes on. */
  readonly start: ResumePoint & { byte: number; line: number };
  /** The number of the flush that is committed next. */
  readonly seq: number;
  /** Stores one flush behind what is there, one at a time. Throws `log-superseded` when another writer took over. */
  commit(head: SegmentHead, parts: readonly Uint8Array[], lineFeeds: number): Promise<void>;
  /** Merges the rest and writes the manifest. */
  end(): Promise<LogManifest>;
  /** Gives its memory back. */
  close(): void;
}

type Place = Omit<Link, 'key' | 'segment'>;

/** How often a writer looks whether another one has taken over. */
const WATCH_MS = 1_000;

/** Takes the log over from whoever wrote it, behind the last flush that is whole. */
export async function openJournal(objects: ObjectStore, folder: string): Promise<Journal> {
  const { takeovers, settled, settledIndex, tail, after } = await findResumption(objects, folder);
  const end = endOfChain([...settled, ...tail.map(({ link }) => link)]);
  const start = { ...after, byte: end.byte, line: end.line };
  const earlier = takeovers.map((takeover) => takeover.writer);
  const writer = nextWriter(earlier, randomBytes(4).toString('hex'));
  const takeover = formatTakeoverName({ writer, from: end.seq, byte: end.byte, line: end.line });
  await objects.put(folder + takeover, Buffer.from(JSON.stringify(after)));
  await watch();

  let index = settledIndex;
  let last = after;
  let watchedAt = performance.now();
  let obsolete: string[] = [];
  const [tailArena, fullArena] = [openArena(2 * FULL_BYTES), openArena(2 * FULL_BYTES)];
  /** Only a writer that saw all bytes has their hash at hand. */
  const hash = end.byte === 0 ? createHash('sha256') : null;

  async function watch(): Promise<void> {
    const names = await listNames(objects, folder);
    if (names.some((name) => (parseTakeoverName(name)?.writer ?? '') > writer)) throw supersededWriter();
  }

  async function store(head: SegmentHead, parts: readonly Uint8Array[], place: Place, arena: Arena) {
    const { from: first, to, byte, byteEnd, line, lineEnd } = place;
    const name = { writer, first, last: to, byte, byteEnd, line, lineEnd };
    const key = formatSegmentName(name);
    const { bytes, segment } = encodeSegment(head, parts, arena);
    await objects.put(folder + key, bytes);
    const link: Link = { ...place, key, segment: name };
    return { ...segment, link };
  }

  /** Replaces the last `count` segments. They are removed one merge later, so that no listing misses both. */
  async function mergeLast(count: number): Promise<void> {
    const parts = tail.slice(tail.length - count);
    const [first, final] = [parts[0], parts.at(-1)];
    if (!first || !final || count === 1) return;
    let before = index;
    for (const { head } of tail.slice(0, tail.length - count)) before = addEvents(before, head.events);
    const { from, byte, line } = first.link;
    const { to, byteEnd, lineEnd } = final.link;
    await removeObsolete();
    const payloads = parts.map(({ payload }) => payload);
    const arena = isFull(parts) ? fullArena : tailArena;
    fullArena.reset();
    const merged = await store(mergeHeads(parts, before), payloads, { from, to, byte, byteEnd, line, lineEnd }, arena);
    obsolete = parts.map((part) => part.link.key);
    tail.splice(tail.length - count, count, merged);
  }

  async function removeObsolete(): Promise<void> {
    await Promise.all(obsolete.map((key) => objects.remove(folder + key)));
    obsolete = [];
  }

  /** Full segments are let go of. */
  function settle(): void {
    const first = tail[0];
    if (tail.length !== 1 || !first || !isFull([first])) return;
    settled.push(first.link);
    index = addEvents(index, first.head.events);
    tail.pop();
    tailArena.reset();
  }

  async function digestAll(): Promise<string> {
    if (hash) return hash.digest('hex');
    const whole = createHash('sha256');
    for (const link of settled) {
      const stored = await objects.get(folder + link.key);
      const segment = stored && decodeSegment(stored);
      if (!segment) throw damagedLog(folder + link.key);
      whole.update(cutSegment(link, segment).payload);
    }
    for (const { payload } of tail) whole.update(payload);
    return whole.digest('hex');
  }

  return {
    start,
    get seq() {
      return end.seq;
    },
    async commit(head, parts, lineFeeds) {
      if (performance.now() - watchedAt > WATCH_MS) {
        await watch();
        watchedAt = performance.now();
      }
      const byteEnd = parts.reduce((sum, part) => sum + part.length, end.byte);
      const lineEnd = end.line + lineFeeds;
      const place = { from: end.seq, to: end.seq, byte: end.byte, byteEnd, line: end.line, lineEnd };
      tail.push(await store(head, parts, place, tailArena));
      for (const part of parts) hash?.update(part);
      last = head.after;
      end.seq++;
      [end.byte, end.line] = [byteEnd, lineEnd];
      const count = planMerge(tail);
      if (count > 0) await mergeLast(count);
      settle();
    },
    async end() {
      await mergeLast(tail.length);
      const links = [...settled, ...tail.map(({ link }) => link)];
      let whole: IndexSoFar = index;
      for (const { head } of tail) whole = addEvents(whole, head.events);
      const lines = end.line + Number(last.isMidLine);
      const digest = await digestAll();
      const manifest: LogManifest = { version: 1, bytes: end.byte, lines, digest, raw: last.raw, index: whole, links };
      await watch();
      await objects.put(folder + MANIFEST_NAME, encodeLogManifest(manifest));
      const kept = new Set([MANIFEST_NAME, ...links.map(({ key }) => key)]);
      const loose = (await listNames(objects, folder)).filter((name) => !kept.has(name));
      await Promise.all(loose.map((name) => objects.remove(folder + name)));
      return manifest;
    },
    close() {
      tailArena.free();
      fullArena.free();
    },
  };
}

function supersededWriter(): FaultError {
  return new FaultError({
    code: 'log-superseded',
    message: 'Another worker has taken this log over',
    cause: 'the attempt was handed to another worker while this one was cut off',
    retry: NO_RETRY,
  });
}
