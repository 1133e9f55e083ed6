import { FRAME_HEAD_BYTES, readFrameHead } from '#core/content-frames.ts';
import { ProblemError } from '../problem.ts';

/** A content as it comes: its bytes have to be read before the next one is. */
export interface ContentFrame {
  digest: string;
  bytes: number;
  content: AsyncGenerator<Uint8Array>;
}

/** Contents in a body (core/content-frames.ts). Throws 400 `frame-cut` for one that ends within a content. */
export async function* readFrames(body: AsyncIterable<Uint8Array>): AsyncGenerator<ContentFrame> {
  const source = body[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  /** At most `most` bytes, null at the end of the body. */
  const read = async (most: number): Promise<Uint8Array | null> => {
    while (held.byteLength === 0) {
      const next = await source.next();
      if (next.done) return null;
      held = next.value;
    }
    const part = held.subarray(0, most);
    held = held.subarray(part.byteLength);
    return part;
  };
  for (;;) {
    const parts: Uint8Array[] = [];
    let have = 0;
    while (have < FRAME_HEAD_BYTES) {
      const part = await read(FRAME_HEAD_BYTES - have);
      if (part === null && have === 0) return;
      if (part === null) throw refuseCut();
      parts.push(part);
      have += part.byteLength;
    }
    const head = readFrameHead(Buffer.concat(parts));
    const readContent = async function* () {
      for (let left = head.bytes; left > 0;) {
        const part = await read(left);
        if (part === null) throw refuseCut();
        left -= part.byteLength;
        yield part;
      }
    };
    yield { ...head, content: readContent() };
  }
}

function refuseCut(): ProblemError {
  return new ProblemError(400, 'frame-cut', 'the body ends within a content', { hint: 'send it again' });
}
