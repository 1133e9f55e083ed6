import { Readable } from 'node:stream';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { readTar } from '../executor.contract.ts';
import { readFrames } from './frames.ts';
import { joinArchives } from './join-archives.ts';

const collect = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

it('frames give their content for any chunking', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 })),
      fc.integer({ min: 1, max: 20 }),
      async (contents, size) => {
        const frames = contents.map((content) => {
          const header = Buffer.alloc(8);
          header[0] = 1;
          header.writeUInt32BE(content.length, 4);
          return Buffer.concat([header, content]);
        });
        expect(await collect(readFrames(Readable.from(cut(Buffer.concat(frames), size))))).toEqual(
          Buffer.concat(contents),
        );
      },
    ),
  );
});

it('archives that follow each other become one, for any chunking', async () => {
  const archives = await Promise.all(
    [{ a: 'x'.repeat(700), empty: '' }, { b: 'y' }, {}].map((files) => {
      const tar = pack();
      for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
      tar.finalize();
      return collect(Readable.from(tar));
    }),
  );
  for (const size of [1, 100, 512, 5_000]) {
    const joined = joinArchives(Readable.from(cut(Buffer.concat(archives), size)));
    expect(await readTar(Readable.from(joined))).toEqual({ a: 'x'.repeat(700), empty: '', b: 'y' });
  }
});

it('an archive that breaks off is no archive', async () => {
  const tar = pack();
  tar.entry({ name: 'a' }, 'x'.repeat(2_000));
  tar.finalize();
  const bytes = await collect(Readable.from(tar));
  await expect(collect(joinArchives(Readable.from([bytes.subarray(0, 1_500)])))).rejects.toThrow('ended in the middle');
});
