import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { faultOf } from '#core/fault.ts';
import type { Transport } from './transport.ts';
import { answerCut, contentReplaced } from './unreachable.ts';

/** Times in a row that nothing more is got, before it is given up. */
const TRIES = 8;
/** Pause before the first of them, ms; each one longer by this. */
const PAUSE_MS = 250;

/**
 * What stands at a path, as a stream that goes on where it was cut off: the rest is asked for by its first byte (RFC 9110,
 * 14.2), and only as long as it is the same content. Fails as `api-unreachable` when that does not come any more.
 */
export async function openDownload(transport: Transport, path: string): Promise<Readable> {
  const first = await transport.send({ method: 'GET', path });
  return Readable.from(readOn(transport, path, first), { objectMode: false });
}

async function* readOn(transport: Transport, path: string, first: IncomingMessage): AsyncGenerator<Uint8Array> {
  const { etag } = first.headers;
  let answer: IncomingMessage | null = first;
  let at = 0;
  for (let tries = 0; ; tries += 1) {
    try {
      answer ??= await openRest(transport, path, at, etag ?? '');
      for await (const piece of answer as AsyncIterable<Uint8Array>) {
        at += piece.length;
        tries = 0;
        yield piece;
      }
      return;
    } catch (error) {
      const isCut = answer !== null || faultOf(error)?.retry.kind === 'yes';
      if (!isCut) throw error;
      if (etag === undefined || tries >= TRIES) throw answerCut(error);
    }
    answer = null;
    await wait(PAUSE_MS * (tries + 1));
  }
}

async function openRest(transport: Transport, path: string, from: number, etag: string): Promise<IncomingMessage> {
  const headers = { Range: `bytes=${from}-`, 'If-Range': etag };
  const answer = await transport.send({ method: 'GET', path, ...(from === 0 ? {} : { headers }) });
  const isRest = from === 0 || answer.headers['content-range']?.startsWith(`bytes ${from}-`) === true;
  if (isRest && answer.headers.etag === etag) return answer;
  answer.destroy();
  throw contentReplaced();
}
