import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { ObjectStore } from '../object/port.ts';
import { openArena } from './arena.ts';
import { openDraft } from './draft.ts';
import { toLogIndex } from './index-so-far.ts';
import { openJournal } from './journal.ts';
import { openLineMarks } from './line-marks.ts';
import { decodeLogManifest, type LogManifest } from './manifest.ts';
import { maskTokens } from './mask-tokens.ts';
import { createMasker, type MaskedPiece } from './mask.ts';
import type { LogIndex, LogWriteOptions, LogWriter } from './port.ts';
import { openRawAccount } from './raw-account.ts';
import { MANIFEST_NAME } from './segment-name.ts';

/** Gathered bytes are stored when they are this many, or when the first is this old. */
const FLUSH_BYTES = 64 * 1024;
const FLUSH_MS = 80;

/** While one flush is on its way to the store, the next may grow to this. Then `append` waits. */
const GATHER_BYTES = 1024 * 1024;

/** A long append is taken in such parts, so that no flush is much larger. */
const PART_BYTES = 512 * 1024;

/**
 * Bytes that are looked through at once, as text. A text of twice as many is a large object to V8, which takes pages of
 * their own for each and lets a hundred megabytes of them pile up before it collects them.
 */
const TEXT_BYTES = 64 * 1024;

const DRAFT_BYTES = GATHER_BYTES + PART_BYTES;

const REPORT_MS = 100;

/** A writer behind what is stored in the folder; one that does nothing more when the log has ended. */
export async function openLogWriter(
  objects: ObjectStore,
  folder: string,
  options: LogWriteOptions,
): Promise<LogWriter> {
  const stored = await objects.get(folder + MANIFEST_NAME);
  if (stored) return endedWriter(decodeLogManifest(stored));
  const journal = await openJournal(objects, folder);
  const masker = maskTokens(createMasker(options.masks));
  const account = openRawAccount(journal.start);
  // One is filled while the other is stored.
  let [arena, otherArena] = [openArena(DRAFT_BYTES), openArena(DRAFT_BYTES)];
  const lineMarks = openLineMarks(journal.start.isMidLine);
  let draft = openDraft({ seq: journal.seq, ...journal.start }, arena, lineMarks);
  /** Raw position and state behind what is durable. */
  let durable: { raw: number; skip: number; byte: number; line: number } = journal.start;
  let flushing: Promise<void> | null = null;
  let failure: unknown = null;
  let timer: NodeJS.Timeout | null = null;
  let reportTimer: NodeJS.Timeout | null = null;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  // The runtime's clock may be ahead of ours; and a clock that is set while it prints is no time that went by.
  const beganAt = performance.now() - Math.max(Date.now() - options.startedAt, 0);
  const elapsed = () => Math.round(performance.now() - beganAt);
  const isBehind = () => !draft.isEmpty || account.raw !== durable.raw || account.skip !== durable.skip;

  /** Stores what is gathered. While a flush is on its way another waits for it. */
  function flush(): Promise<void> {
    if (flushing) return flushing;
    if (timer) clearTimeout(timer);
    timer = null;
    const { parts, lineFeeds, times, events, end } = draft.seal();
    const { raw, skip } = account;
    const { isMidLine, t } = end;
    [arena, otherArena] = [otherArena, arena];
    arena.reset();
    draft = openDraft(end, arena, lineMarks);
    const committed = journal.commit({ after: { raw, skip, isMidLine, t }, times, events }, parts, lineFeeds);
    flushing = committed.then(
      () => {
        flushing = null;
        durable = { raw, skip, byte: end.byte, line: end.line };
        report(false);
        if (draft.size >= FLUSH_BYTES) void flush();
        else if (!draft.isEmpty) flushLater();
      },
      (thrown: unknown) => {
        flushing = null;
        failure = thrown;
      },
    );
    return flushing;
  }

  function flushLater(): void {
    timer ??= setTimeout(() => {
      timer = null;
      if (failure === null) void flush();
    }, FLUSH_MS);
  }

  function report(isNow: boolean): void {
    const wait = reportedAt + REPORT_MS - performance.now();
    if (!isNow && wait > 0) {
      reportTimer ??= setTimeout(() => report(true), wait);
      return;
    }
    if (reportTimer) clearTimeout(reportTimer);
    reportTimer = null;
    reportedAt = performance.now();
    try {
      options.onDurable({ bytes: durable.byte, lines: durable.line });
    } catch (thrown) {
      failure ??= thrown;
    }
  }

  function checkOpen(): void {
    if (failure !== null) throw failure;
    if (isClosed) throw new Error('the log writer is closed');
  }

  function take(pieces: readonly MaskedPiece[]): void {
    const t = elapsed();
    for (const piece of pieces) {
      draft.add(piece.bytes, t);
      account.consume(piece.consumed);
    }
  }

  function mask(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += TEXT_BYTES) {
      take(masker.push(bytes.subarray(from, from + TEXT_BYTES)));
    }
  }

  async function makeRoom(): Promise<void> {
    if (draft.size >= FLUSH_BYTES && !flushing) void flush();
    while (draft.size >= GATHER_BYTES && failure === null) await flush();
    if (!flushing && isBehind()) flushLater();
    checkOpen();
  }

  /** Everything durable, nothing on its way. */
  async function settle(): Promise<void> {
    while (failure === null && (flushing !== null || isBehind())) await flush();
    isClosed = true;
    if (timer) clearTimeout(timer);
    if (failure === null) report(true);
    else {
      if (reportTimer) clearTimeout(reportTimer);
      throw failure;
    }
  }

  function giveMemoryBack(): void {
    arena.free();
    otherArena.free();
    journal.close();
  }

  return {
    get raw() {
      return durable.raw;
    },
    async append(bytes, rawBytes) {
      checkOpen();
      const known = account.add(bytes.length, rawBytes);
      for (let from = known; from < bytes.length; from += PART_BYTES) {
        mask(bytes.subarray(from, from + PART_BYTES));
        await makeRoom();
      }
      if (isBehind() && !flushing) flushLater();
    },
    async gap({ bytes, cause }) {
      checkOpen();
      const fromAt = new Date(options.startedAt + draft.lastAt).toISOString();
      take(masker.end());
      account.add(0, bytes);
      draft.gap({ bytes, cause, fromAt, toAt: new Date().toISOString() });
      await makeRoom();
    },
    async mark(mark, rawBytes) {
      checkOpen();
      // A mark stands between two programs: what is held back belongs to the one in front of it.
      take(masker.end());
      account.add(0, rawBytes);
      draft.mark(mark);
      await makeRoom();
    },
    async end() {
      checkOpen();
      take(masker.end());
      draft.endLine();
      await settle();
      const manifest = await journal.end();
      giveMemoryBack();
      return describeEnded(manifest);
    },
    async release() {
      if (isClosed) return;
      await settle();
      giveMemoryBack();
    },
  };
}

/** For an attempt whose log was ended before its worker died: nothing more comes, and nothing may. */
function endedWriter(manifest: LogManifest): LogWriter {
  return {
    raw: manifest.raw,
    async append(bytes) {
      if (bytes.length > 0) throw endedLog();
    },
    gap: () => Promise.reject(endedLog()),
    mark: () => Promise.resolve(),
    end: () => Promise.resolve(describeEnded(manifest)),
    release: () => Promise.resolve(),
  };
}

/** The index of an ended log. */
export function describeEnded({ lines, bytes, digest, index }: LogManifest): LogIndex {
  return toLogIndex(index, { lines, bytes, digest, ended: true });
}

function endedLog(): FaultError {
  return new FaultError({
    code: 'log-ended',
    message: 'Output arrived for a log that has ended',
    cause: 'the attempt was already over when it was written',
    retry: NO_RETRY,
  });
}
