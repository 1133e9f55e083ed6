import type { LogKey, LogRow, LogStore, LogWriter } from '#store/log/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { OutputSink, ServiceSpec } from '../executor/port.ts';
import { createLogMatcher } from './log-match.ts';
import { readBase } from './open-log.ts';

/** What is shown of a dead service with the stage: so many lines, and so many characters of them. */
const LAST_LINES = 50;
const LAST_CHARACTERS = 4_000;

/** The log of one service beside one attempt: its output byte for byte, from its begin to the attempt's end. */
export interface ServiceLog {
  /** Where its output goes on: bytes that are in the log already. May be called again after a break. */
  open(): Promise<number>;
  sink: OutputSink;
  /** Whether the pattern of its `log` check was found. */
  isMatched(): boolean;
  end(): Promise<void>;
  /** Last lines of what has ended, as they are kept: secrets are masked. */
  readLast(): Promise<string>;
  release(): Promise<void>;
  releaseForReset(): Promise<void>;
}

export function openServiceLog(
  { logs, objects }: { logs: LogStore; objects: Pick<ObjectStore, 'get' | 'put'> },
  key: LogKey & { service: string },
  options: { ready: ServiceSpec['ready']; masks: readonly string[]; handle: string },
): ServiceLog {
  const baseKey = `resets/${options.handle}-svc-${key.service}`;
  const pattern = options.ready.kind === 'log' ? options.ready.pattern : null;
  const matcher = createLogMatcher([{ logMatch: pattern }]);
  let writer: LogWriter | null = null;
  /** Bytes of this service that were handed to the log. */
  let raw = 0;

  async function open(): Promise<LogWriter> {
    if (writer !== null) return writer;
    const opened = await logs.write(key, { masks: options.masks, startedAt: Date.now(), onDurable: () => undefined });
    raw = opened.raw === 0 ? 0 : opened.raw - (await readBase(objects, baseKey));
    if (matcher !== null && raw > 0) {
      for await (const bytes of logs.readBytes(key, 0, Number.MAX_SAFE_INTEGER)) matcher.push(bytes);
    }
    writer = opened;
    return opened;
  }

  async function release(): Promise<void> {
    const held = writer;
    writer = null;
    await held?.release();
  }

  return {
    async open() {
      await open();
      return raw;
    },
    sink: {
      async onBytes(bytes) {
        raw += bytes.length;
        matcher?.push(bytes);
        await (await open()).append(bytes, bytes.length);
      },
      async onGap(gap) {
        raw += gap.bytes;
        await (await open()).gap(gap);
      },
    },
    isMatched: () => (matcher?.finish().length ?? 0) > 0,
    async end() {
      await (await open()).end();
      writer = null;
    },
    async readLast() {
      const { lines } = await logs.index(key);
      const rows = await logs.readLines(key, Math.max(1, lines - LAST_LINES + 1), LAST_LINES);
      return rows.flatMap(readText).join('\n').slice(-LAST_CHARACTERS);
    },
    release,
    async releaseForReset() {
      const held = await open();
      await held.gap({ bytes: 0, cause: 'the stage was reset, and its services begin anew' });
      await release();
      await objects.put(baseKey, Buffer.from(String(held.raw)));
    },
  };
}

function readText(row: LogRow): string[] {
  return 'text' in row ? [row.text] : [];
}
