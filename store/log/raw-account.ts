/**
 * Keeps count of how far the executor's raw stream is contained in what was given out.
 * Chunks may stand for more raw bytes than they have (marks were taken out of them); such
 * a chunk counts when it is given out whole, and what was given out of it before is `skip`.
 */
export interface RawAccount {
  readonly raw: number;
  readonly skip: number;
  /** A chunk comes in. Answers how many of its first bytes were stored by an earlier writer. */
  add(bytes: number, rawBytes: number): number;
  /** That many bytes, in order, were given out. */
  consume(bytes: number): void;
}

interface Chunk {
  bytes: number;
  raw: number;
  done: number;
}

export function openRawAccount(start: { raw: number; skip: number }): RawAccount {
  let { raw, skip: ahead } = start;
  const open: Chunk[] = [];

  function advance(bytes: number): void {
    let left = bytes;
    for (let chunk = open[0]; chunk; chunk = open[0]) {
      const part = Math.min(left, chunk.bytes - chunk.done);
      left -= part;
      chunk.done += part;
      if (chunk.bytes === chunk.raw) raw += part;
      if (chunk.done < chunk.bytes) return;
      if (chunk.bytes !== chunk.raw) raw += chunk.raw;
      open.shift();
    }
  }

  return {
    get raw() {
      return raw;
    },
    get skip() {
      const first = open[0];
      return ahead + (first && first.bytes !== first.raw ? first.done : 0);
    },
    add(bytes, rawBytes) {
      const known = Math.min(ahead, bytes);
      ahead -= known;
      open.push({ bytes, raw: rawBytes, done: 0 });
      advance(known);
      return known;
    },
    consume: advance,
  };
}
