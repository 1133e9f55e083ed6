import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { writeFileAtomically } from '../object/write-file.ts';
import { KEPT_MODE } from './content-store.ts';
import { decodeManifest } from './manifest.ts';
import type { SnapshotReference } from './port.ts';
import { touch } from './touch.ts';

/** Moves snapshots from the folder of one machine to that of another, content by content. */
export interface SnapshotTransfer {
  /** The manifest as it is stored: its SHA-256 is the snapshot's digest. */
  readManifest(reference: Pick<SnapshotReference, 'digest'>): Promise<Buffer>;
  /** Digests of the files' contents, each once, with their sizes. */
  listContents(manifest: Buffer): Map<string, number>;
  readContent(digest: string): Readable;
  /** One that is there is young from then on: no sweep takes it from who is about to name it. */
  hasContent(digest: string): Promise<boolean>;
  /** Keeps a content under its digest. Throws the fault `content-corrupt` when it has another. Safe to repeat. */
  keepContent(digest: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Keeps a manifest that {@link checkManifest} has passed and whose contents are all kept. */
  keepManifest(manifest: Buffer): Promise<void>;
}

/** Works on the folder of `openSnapshotStore`. */
export function openSnapshotTransfer(options: { folder: string }): SnapshotTransfer {
  const { folder } = options;
  const contentPath = (digest: string) => join(folder, 'contents', digest.slice(0, 2), digest.slice(2));
  const manifestPath = (digest: string) => join(folder, 'manifests', `${digest}.json`);
  const temporaryFolder = join(folder, '.writing');
  return {
    readManifest: ({ digest }) => readFile(manifestPath(digest)),
    listContents(manifest) {
      const files = decodeManifest(manifest).entries.filter((entry) => entry.kind === 'file');
      return new Map(files.map((file) => [file.digest, file.bytes]));
    },
    readContent: (digest) => createReadStream(contentPath(digest)),
    hasContent: (digest) => touch(contentPath(digest)),
    async keepContent(digest, bytes) {
      const temporary = join(temporaryFolder, randomBytes(9).toString('hex'));
      const hash = createHash('sha256');
      try {
        await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
        const measured = async function* () {
          for await (const chunk of bytes) {
            hash.update(chunk);
            yield chunk;
          }
        };
        await pipeline(measured, createWriteStream(temporary, { flags: 'wx', mode: KEPT_MODE }));
        if (hash.digest('hex') !== digest) throw createCorrupt(digest);
        await mkdir(dirname(contentPath(digest)), { recursive: true, mode: 0o700 });
        await rename(temporary, contentPath(digest));
      } catch (thrown) {
        await rm(temporary, { force: true });
        // What comes may break off too: that is the sender's to say.
        throw errorCode(thrown) === null ? thrown : toStoreFault(thrown, 'keep a content of a snapshot');
      }
    },
    async keepManifest(manifest) {
      const digest = createHash('sha256').update(manifest).digest('hex');
      await writeFileAtomically(manifestPath(digest), manifest, { temporaryFolder });
    },
  };
}

function createCorrupt(digest: string): FaultError {
  return new FaultError({
    code: 'content-corrupt',
    message: `what came is not the content ${digest.slice(0, 12)}`,
    fix: 'send it again: it was damaged on the way, or the file changed meanwhile',
    retry: NO_RETRY,
  });
}
