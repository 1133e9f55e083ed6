const BLOCK = 512;
/** End of an archive: two blocks of zeros. */
const END = Buffer.alloc(2 * BLOCK);

/**
 * One tar archive out of several that follow each other: `xargs tar` writes one a batch of names. Passes entries on as
 * they are and drops the zeros between; constant memory.
 */
export async function* joinArchives(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let header: Buffer = Buffer.alloc(0);
  let contentLeft = 0;
  for await (const chunk of bytes) {
    let at = 0;
    while (at < chunk.length) {
      if (contentLeft > 0) {
        const content = chunk.subarray(at, at + contentLeft);
        at += content.length;
        contentLeft -= content.length;
        yield content;
        continue;
      }
      const part = chunk.subarray(at, at + BLOCK - header.length);
      at += part.length;
      header = Buffer.concat([header, part]);
      if (header.length < BLOCK) break;
      if (header.some((byte) => byte !== 0)) {
        contentLeft = Math.ceil(readSize(header) / BLOCK) * BLOCK;
        yield header;
      }
      header = Buffer.alloc(0);
    }
  }
  if (header.length > 0 || contentLeft > 0) throw new Error('the archive of the stage ended in the middle of an entry');
  yield END;
}

/** Octal text, or from 8 GiB on a big-endian number behind a set high bit. */
function readSize(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) & 0x80) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1').replace(/[\0 ].*$/s, ''), 8) || 0;
}
