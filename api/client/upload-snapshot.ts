import { FRAME_HEAD_BYTES, writeFrameHead } from '#core/content-frames.ts';
import type { SnapshotObject } from '#core/rest-snapshots.ts';
import { openSnapshotStore } from '#store/snapshot/open-snapshot-store.ts';
import type { SnapshotReference } from '#store/snapshot/port.ts';
import { openSnapshotTransfer, type SnapshotTransfer } from '#store/snapshot/transfer.ts';
import { toQuery } from './http.ts';
import { readJson, type Transport } from './transport.ts';

/** What is to be sent where. */
export interface UploadOptions {
  /** Absolute path of the source root. */
  root: string;
  /** With a shallow `.git` and its tags. */
  git: boolean;
  /** Absolute paths of files that stay out. */
  without: readonly string[];
  /** Folder of the machine's snapshots, `snapshots` in the data folder: unchanged files are not read again. */
  folder: string;
  /** `org/ws`; null where the caller has one alone. */
  workspace: string | null;
  /** Told after each request how many contents are still to be sent. */
  onProgress?: (left: number) => void;
}

/** Of a request with many small contents. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** Contents may get lost between two announcements; a server that always wants more is none. */
const ROUNDS = 3;

/**
 * Takes a snapshot of a folder and sends what the workspace does not have yet; what an earlier try has sent is not sent
 * again. Answers the reference to start a run with, and what is to be said aloud of it.
 */
export async function uploadSnapshot(
  transport: Transport,
  options: UploadOptions,
): Promise<SnapshotReference & { notices: string[] }> {
  const { folder, root, git, without, workspace, onProgress = () => {} } = options;
  const taken = await openSnapshotStore({ folder }).take(root, { git, without });
  const transfer = openSnapshotTransfer({ folder });
  const manifest = await transfer.readManifest(taken);
  const query = toQuery({ workspace });
  for (let round = 1; ; round += 1) {
    const answer = await transport.send({ method: 'POST', path: `snapshots${query}`, body: manifest });
    const { missing } = await readJson<SnapshotObject>(answer);
    if (missing.length === 0) return taken;
    if (round > ROUNDS) throw new Error(`the server still misses ${missing.length} contents after ${ROUNDS} rounds`);
    await sendContents(transport, transfer, manifest, missing, query, onProgress);
  }
}

async function sendContents(
  transport: Transport,
  transfer: SnapshotTransfer,
  manifest: Buffer,
  missing: readonly string[],
  query: string,
  onProgress: (left: number) => void,
): Promise<void> {
  const sizes = transfer.listContents(manifest);
  let left = missing.length;
  let batch: string[] = [];
  let bytes = 0;
  const send = async () => {
    const frames = await Promise.all(batch.map((digest) => readFrame(transfer, digest, sizes.get(digest) ?? 0)));
    const path = `snapshots/contents${query}`;
    (await transport.send({ method: 'PUT', path, body: Buffer.concat(frames) })).resume();
    left -= batch.length;
    batch = [];
    bytes = 0;
    onProgress(left);
  };
  for (const digest of missing) {
    const size = FRAME_HEAD_BYTES + (sizes.get(digest) ?? 0);
    if (batch.length > 0 && bytes + size > BATCH_BYTES) await send();
    batch.push(digest);
    bytes += size;
  }
  if (batch.length > 0) await send();
}

async function readFrame(transfer: SnapshotTransfer, digest: string, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [writeFrameHead(digest, bytes)];
  for await (const chunk of transfer.readContent(digest)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
