import { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';

/** One thing in a tree, as it goes into a tar. Paths are relative, `/`-separated, without a last slash. */
export type TreeEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | {
      kind: 'file';
      path: string;
      mode: number;
      /** Seconds since epoch. */
      mtime: number;
      bytes: number;
      /** Exactly `bytes` of them. */
      content: () => AsyncIterable<Uint8Array>;
    };

/** The entries as a tar stream, read as fast as it is read. An error of theirs destroys it. */
export function writeTar(entries: AsyncIterable<TreeEntry> | Iterable<TreeEntry>): Readable {
  return Readable.from(packEntries(entries), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* packEntries(entries: AsyncIterable<TreeEntry> | Iterable<TreeEntry>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  // The feeder's failure reaches the reader through the destroyed archive.
  const feeding = feed(archive, entries).catch((thrown: unknown) => {
    archive.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  });
  try {
    for await (const bytes of archive) yield bytes as Uint8Array;
  } finally {
    archive.destroy();
    await feeding;
  }
}

async function feed(archive: Pack, entries: AsyncIterable<TreeEntry> | Iterable<TreeEntry>): Promise<void> {
  for await (const entry of entries) {
    if (archive.destroyed) return;
    switch (entry.kind) {
      case 'folder':
        archive.entry({ name: `${entry.path}/`, type: 'directory', mode: 0o755, mtime: new Date(0) }).end(null);
        break;
      case 'link':
        archive.entry({ name: entry.path, type: 'symlink', linkname: entry.target, mtime: new Date(0) }).end(null);
        break;
      case 'file':
        await feedFile(archive, entry);
        break;
      default:
        entry satisfies never;
    }
  }
  archive.finalize();
}

async function feedFile(archive: Pack, file: Extract<TreeEntry, { kind: 'file' }>): Promise<void> {
  const { promise: written, resolve, reject } = Promise.withResolvers<void>();
  written.catch(() => {});
  const mtime = new Date(file.mtime * 1000);
  const header = { name: file.path, type: 'file', mode: file.mode, size: file.bytes, mtime } as const;
  const sink = archive.entry(header, (error) => (error ? reject(error) : resolve()));
  // Its failure arrives through the callback above.
  sink.on('error', () => {});
  for await (const bytes of file.content()) {
    if (archive.destroyed) return;
    if (!sink.write(bytes)) await waitForRoom(archive, sink);
  }
  sink.end(null);
  if (!archive.destroyed) await Promise.race([written, waitForClose(archive)]);
}

function waitForRoom(archive: Pack, sink: ReturnType<Pack['entry']>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.removeListener('drain', done);
      archive.removeListener('close', done);
      resolve();
    };
    sink.once('drain', done);
    archive.once('close', done);
  });
}

function waitForClose(archive: Pack): Promise<void> {
  return new Promise((resolve) => archive.once('close', () => resolve()));
}
