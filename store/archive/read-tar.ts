import { TAR_BLOCK } from './tar-header.ts';

/** An entry of a tar while it passes by. */
export interface TarEntry {
  name: string;
  kind: 'file' | 'folder' | 'link';
  bytes: number;
  /** What is not read of it before the next entry is asked for is skipped. Throws when the tar ends within it. */
  content: AsyncIterable<Uint8Array>;
}

const KINDS: Record<string, TarEntry['kind']> = { '0': 'file', '2': 'link', '5': 'folder' };
const PAX_MAX_BYTES = 64 * 1024;

/**
 * Reads a tar that {@link writeTar} wrote, in constant memory. Throws an Error that says what is wrong with any other.
 * The counterpart of our own writer: what that never writes is refused here, not interpreted.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = openInput(source);
  let pax = new Map<string, string>();
  for (;;) {
    const block = await input.take(TAR_BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const header = decodeHeader(block);
    if (header.flag === 'x') {
      if (header.bytes > PAX_MAX_BYTES) throw new Error('a header is too large');
      pax = decodePax(await input.take(header.bytes));
      await input.skip(padding(header.bytes));
      continue;
    }
    const kind = KINDS[header.flag];
    if (kind === undefined) throw new Error(`an entry of the kind ${JSON.stringify(header.flag)}`);
    const bytes = Number(pax.get('size') ?? header.bytes);
    let left = bytes;
    const content = async function* content() {
      while (left > 0) {
        const piece = await input.takeSome(left);
        left -= piece.length;
        yield piece;
      }
    };
    yield { name: pax.get('path') ?? header.name, kind, bytes, content: content() };
    await input.skip(left + padding(bytes));
    pax = new Map();
  }
}

function padding(bytes: number): number {
  return (TAR_BLOCK - (bytes % TAR_BLOCK)) % TAR_BLOCK;
}

function decodeHeader(block: Buffer): { name: string; bytes: number; flag: string } {
  const sum = Number.parseInt(block.toString('latin1', 148, 154), 8);
  let expected = 8 * 0x20;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) expected += byte;
  if (sum !== expected) throw new Error('a header is damaged');
  const bytes = Number.parseInt(block.toString('latin1', 124, 136), 8);
  const end = block.indexOf(0);
  return {
    name: block.toString('utf8', 0, Math.min(end === -1 ? 100 : end, 100)),
    bytes,
    flag: block.toString('latin1', 156, 157),
  };
}

/** Records `LENGTH KEY=VALUE\n`. */
function decodePax(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let from = 0; from < body.length;) {
    const blank = body.indexOf(0x20, from);
    const length = Number(body.toString('latin1', from, blank));
    const record = body.toString('utf8', blank + 1, from + length - 1);
    const equals = record.indexOf('=');
    if (!(length > 0) || equals < 1) throw new Error('a header is damaged');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    from += length;
  }
  return records;
}

/** Takes bytes from a stream of pieces; throws when it ends before. */
function openInput(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function fill(): Promise<void> {
    while (held.length === 0) {
      const next = await iterator.next();
      if (next.done === true) throw new Error('it ends too early');
      held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  }

  async function takeSome(most: number): Promise<Buffer> {
    await fill();
    const piece = held.subarray(0, most);
    held = held.subarray(piece.length);
    return piece;
  }

  return {
    takeSome,
    async take(bytes: number): Promise<Buffer> {
      const pieces: Buffer[] = [];
      for (let left = bytes; left > 0;) {
        const piece = await takeSome(left);
        pieces.push(piece);
        left -= piece.length;
      }
      return Buffer.concat(pieces);
    },
    async skip(bytes: number): Promise<void> {
      for (let left = bytes; left > 0;) left -= (await takeSome(left)).length;
    },
  };
}
