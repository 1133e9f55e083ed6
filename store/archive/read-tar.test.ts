import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTar } from './read-tar.ts';
import { type TreeEntry, writeTar } from './write-tar.ts';

async function write(files: readonly [string, Buffer][]): Promise<Buffer> {
  const list = async function* list(): AsyncGenerator<TreeEntry> {
    for (const [path, bytes] of files) {
      const content = async function* content() {
        yield bytes;
      };
      yield { kind: 'file', path, mode: 0o600, mtime: 0, bytes: bytes.length, content };
    }
  };
  return Buffer.concat(await writeTar(list()).toArray());
}

async function read(tar: Buffer, pieceBytes: number, isSkipping = false): Promise<[string, Buffer][]> {
  const source = async function* source() {
    for (let from = 0; from < tar.length; from += pieceBytes) yield tar.subarray(from, from + pieceBytes);
  };
  const files: [string, Buffer][] = [];
  for await (const { name, content } of readTar(source())) {
    files.push([name, isSkipping ? Buffer.alloc(0) : Buffer.concat(await Array.fromAsync(content))]);
  }
  return files;
}

it('gives back what was written, however the stream is cut, and skips what is not read', async () => {
  const name = fc.oneof(fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.stringMatching(/^[\u00e4-\u00ff /=a]{1,150}$/));
  const files = fc.array(
    fc.tuple(
      name,
      fc.uint8Array({ maxLength: 1_600 }).map((bytes) => Buffer.from(bytes)),
    ),
    {
      maxLength: 6,
    },
  );
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3_000 }), async (written, pieceBytes) => {
      const tar = await write(written);
      expect(await read(tar, pieceBytes)).toEqual(written);
      expect((await read(tar, pieceBytes, true)).map(([path]) => path)).toEqual(written.map(([path]) => path));
    }),
    { numRuns: 150 },
  );
});

it('refuses what ends too early, and a header that was changed', async () => {
  const tar = await write([['a', Buffer.alloc(2_000, 'x')]]);
  for (const cut of [0, 100, 512, 1_500, 3_000]) {
    await expect(read(tar.subarray(0, cut), 700)).rejects.toThrow('it ends too early');
  }
  tar.writeUInt8(tar.readUInt8(0) ^ 1, 0);
  await expect(read(tar, 700)).rejects.toThrow('a header is damaged');
});
