import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { FaultError, NO_RETRY, faultOf } from '#core/fault.ts';
import { writeTar } from '../archive/write-tar.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { writeFileAtomically } from '../object/write-file.ts';
import { openContentStore } from './content-store.ts';
import { makeShallowGit } from './git-folder.ts';
import { decodeManifest, encodeManifest, type SnapshotEntry, type SnapshotManifest } from './manifest.ts';
import type { SnapshotReference, SnapshotStore } from './port.ts';
import { listTree, unpackTree } from './restore.ts';
import { emptyStatIndex, loadStatIndex, saveStatIndex, type StatIndex, touchStatIndex } from './stat-index.ts';
import { takeFiles } from './take-files.ts';
import { touch } from './touch.ts';
import { listTrackedIgnored } from './tracked-files.ts';
import { walkTree } from './walk.ts';

/** Roots whose index stays in memory: a laptop has few at a time. */
const INDEXES_HELD = 4;

/**
 * Snapshots on the disk of one host: `contents/` by digest, `manifests/` by digest of the
 * snapshot, `index/` with what is known of each root's files. A manifest is written last.
 */
export function openSnapshotStore(options: { folder: string }): SnapshotStore {
  const { folder } = options;
  const contents = openContentStore(join(folder, 'contents'));
  const indexFolder = join(folder, 'index');
  const indexes = new Map<string, StatIndex>();
  const manifestPath = (digest: string) => join(folder, 'manifests', `${digest}.json`);

  async function takeTree(
    root: string,
    without: readonly string[],
  ): Promise<{ entries: SnapshotEntry[]; notices: string[] }> {
    const isWorkTree = existsSync(join(root, '.git'));
    const tracked = isWorkTree ? await listTrackedIgnored(root) : new Set<string>();
    // One that was swept names contents that may be swept as well.
    if (!(await touchStatIndex(indexFolder, root))) indexes.delete(root);
    const known = indexes.get(root) ?? (await loadStatIndex(indexFolder, root));
    const walk = await walkTree(root, { tracked, known });
    const leftOut = await findLeftOut(root, without);
    const found = walk.found.filter(({ path }) => !leftOut.has(path));
    const taken = await takeFiles(root, { ...walk, found }, known, contents);
    if (taken.isChanged) await saveStatIndex(indexFolder, root, taken.index);
    indexes.delete(root);
    indexes.set(root, taken.index);
    for (const oldest of [...indexes.keys()].slice(0, -INDEXES_HELD)) indexes.delete(oldest);
    return taken;
  }

  async function takeGit(root: string): Promise<SnapshotEntry[]> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const gitFolder = await makeShallowGit(root, folder);
    try {
      const known = emptyStatIndex();
      const walk = await walkTree(gitFolder, { tracked: new Set(), known });
      const { entries } = await takeFiles(gitFolder, walk, known, contents);
      return [{ kind: 'folder', path: '.git' }, ...entries.map((entry) => ({ ...entry, path: `.git/${entry.path}` }))];
    } finally {
      await rm(dirname(gitFolder), { recursive: true, force: true });
    }
  }

  async function open(reference: SnapshotReference): Promise<SnapshotManifest> {
    try {
      return decodeManifest(await readFile(manifestPath(reference.digest)));
    } catch (thrown) {
      if (errorCode(thrown) !== 'ENOENT') throw toStoreFault(thrown, 'read the snapshot of the source');
      throw new FaultError({
        code: 'snapshot-lost',
        message: `The snapshot ${reference.digest.slice(0, 12)} of the source is gone`,
        cause: 'its manifest is missing in the data folder',
        fix: 'Run again: a new snapshot is taken',
        retry: NO_RETRY,
      });
    }
  }

  async function* walkSnapshot(reference: SnapshotReference) {
    yield* listTree(await open(reference), contents);
  }

  return {
    async take(root, { git, without = [] }) {
      try {
        const tree = await takeTree(root, without);
        const entries = git ? [...tree.entries, ...(await takeGit(root))] : tree.entries;
        const { bytes, digest } = encodeManifest({ version: 1, entries });
        if (!(await touch(manifestPath(digest)))) {
          await writeFileAtomically(manifestPath(digest), bytes, { temporaryFolder: join(folder, '.writing') });
        }
        const files = entries.filter((entry) => entry.kind !== 'folder');
        const size = files.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
        return { digest, files: files.length, bytes: size, notices: tree.notices.toSorted() };
      } catch (thrown) {
        throw faultOf(thrown) ? thrown : toStoreFault(thrown, 'take the snapshot of the source');
      }
    },
    list: async (reference) => (await open(reference)).entries,
    load: (reference) => writeTar(walkSnapshot(reference)),
    async unpack(reference, target) {
      await unpackTree(await open(reference), contents, target);
    },
  };
}

/** Paths relative to the root, as they were given and where links on the way lead. */
async function findLeftOut(root: string, without: readonly string[]): Promise<Set<string>> {
  const follow = (path: string) => realpath(path).catch(() => path);
  const real = await follow(root);
  const paths = without.map(async (path) => [relative(root, path), relative(real, await follow(path))]);
  return new Set((await Promise.all(paths)).flat());
}
