/**
 * The payload of Docker's multiplexed stream: frames of 8 bytes (type, three zeros, length big-endian) and content.
 * stdout and stderr were made one in the container, so the type does not matter. Yields as soon as bytes are there; a
 * connection that breaks within a frame loses nothing that arrived.
 */
export async function* readFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  for await (const chunk of stream) {
    let at = 0;
    // One piece a chunk, not one a frame: programs that write often would cost a turn of the event loop each.
    const pieces: Uint8Array[] = [];
    while (at < chunk.length) {
      if (left > 0) {
        const bytes = chunk.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        pieces.push(bytes);
        continue;
      }
      const part = chunk.subarray(at, at + 8 - header.length);
      at += part.length;
      header = Buffer.concat([header, part]);
      if (header.length < 8) break;
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
    const [only] = pieces;
    if (only !== undefined) yield pieces.length === 1 ? only : Buffer.concat(pieces);
  }
}

/** The client's types know its streams only as old ones; all of them can be read piece by piece. */
export function requireIterable<Stream extends NodeJS.ReadableStream>(
  stream: Stream,
): Stream & AsyncIterable<Uint8Array> {
  if (isIterable(stream)) return stream;
  throw new Error('the Docker client answered with a stream that cannot be read piece by piece');
}

function isIterable<Stream extends NodeJS.ReadableStream>(
  stream: Stream,
): stream is Stream & AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in stream;
}
