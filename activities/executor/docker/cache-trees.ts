import { randomBytes } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { CacheEntry } from '../caches.ts';
import { type BoxSettings, runInBox } from './box.ts';
import { CACHES_DATA, CACHES_LABEL, INSTANCE_LABEL } from './names.ts';
import { runOnCaches } from './run-on-caches.ts';

/**
 * Caches as unpacked trees on a daemon's host, one a saved entry, in a volume that all runs share: what stages stand
 * on with an overlay. Nobody writes to a tree once it is there; those that were not used for long go.
 */
export interface CacheTrees {
  /** Brings an entry there unless it is, whole or not at all; answers its folder below the volume. */
  ensure(runId: string, entry: CacheEntry): Promise<string>;
  /** Looks for what is there already, so that nobody waits for that later. Never throws. */
  look(runId: string): Promise<void>;
  /** Forgets what is known: somebody else has removed a tree. */
  doubt(): void;
  /**
   * Removes the trees used longest ago beyond the limit that no container stands on; done by itself with each new tree.
   * Never throws.
   */
  prune(runId: string): Promise<void>;
}

interface Tree {
  bytes: number;
  usedAt: number;
}

/** Folders are named `ID-BYTES`; those that are being made or removed begin with a dot. */
const LIST = [
  `cd ${CACHES_DATA} || exit 1`,
  'find . -maxdepth 1 -type d ! -name \'.*\' | while read -r path; do printf \'%s %s\\n\' "${path#./}" "$(stat -c %Y "$path")"; done',
].join('\n');

/** What was cut off: a removal is gone on with, a draft of yesterday is nobody's any more. */
const CLEAN = `cd ${CACHES_DATA} && rm -rf .gone-* && find . -maxdepth 1 -name '.new-*' -mmin +1440 -exec rm -rf {} +`;

const UNPACK = `rm -rf "$1" && mkdir -p "$1" && tar -x -C "$1" && chmod 755 "$1"`;

/** Two runs that do it at once both succeed: the second rename finds the first's tree. */
const SETTLE = `cd ${CACHES_DATA} && touch "$1" && { mv -T "$1" "$2" 2>/dev/null || { [ -d "$2" ] && rm -rf "$1"; }; }`;

export function keepCacheTrees(settings: BoxSettings, limitBytes: number): CacheTrees {
  const { docker, instance } = settings;
  let known: Promise<Map<string, Tree>> | null = null;
  const making = new Map<string, Promise<string>>();

  function list(runId: string): Promise<Map<string, Tree>> {
    if (known) return known;
    const looking = runInBox(docker, runId, LIST, []).then((output) => {
      const trees = new Map<string, Tree>();
      for (const line of output.toString('utf8').split('\n')) {
        const [folder = '', seconds = ''] = line.split(' ');
        const bytes = Number(folder.split('-').at(-1));
        if (folder !== '' && Number.isSafeInteger(bytes)) trees.set(folder, { bytes, usedAt: Number(seconds) * 1_000 });
      }
      return trees;
    });
    looking.catch(() => (known = null));
    known = looking;
    return looking;
  }

  async function make(runId: string, entry: CacheEntry, folder: string): Promise<string> {
    const draft = `.new-${folder}-${randomBytes(4).toString('hex')}`;
    const tar = entry.open();
    // What breaks off in the middle may look like the end to whoever unpacks it.
    const whole = finished(tar, { writable: false });
    whole.catch(() => undefined);
    try {
      await runOnCaches(settings, runId, UNPACK, [`${CACHES_DATA}/${draft}`], tar);
      await whole;
      await runOnCaches(settings, runId, SETTLE, [draft, folder]);
    } catch (error) {
      tar.destroy();
      await runOnCaches(settings, runId, 'rm -rf "$1"', [`${CACHES_DATA}/${draft}`]).catch(() => undefined);
      // The reason is the stream's, if that is what broke.
      throw await whole.then(
        () => error,
        (broken: unknown) => broken,
      );
    }
    (await list(runId)).set(folder, { bytes: entry.bytes, usedAt: Date.now() });
    // Nobody waits for it: what is in the way of the limit was there before, too.
    void prune(runId);
    return folder;
  }

  async function prune(runId: string): Promise<void> {
    try {
      const trees = await list(runId);
      const newestFirst = [...trees].toSorted(([, left], [, right]) => right.usedAt - left.usedAt);
      let total = 0;
      const beyond = newestFirst.filter(([, { bytes }]) => (total += bytes) > limitBytes).map(([folder]) => folder);
      // The newest was asked for a moment ago: its container is about to be made.
      const [newest] = newestFirst[0] ?? [];
      const used = beyond.length === 0 ? new Set() : await listUsed(docker, instance);
      for (const folder of beyond) {
        if (used.has(folder) || folder === newest) continue;
        trees.delete(folder);
        await runOnCaches(settings, runId, `mv -T "$1" "$2" 2>/dev/null || [ ! -e "$1" ]`, [
          `${CACHES_DATA}/${folder}`,
          `${CACHES_DATA}/.gone-${folder}-${randomBytes(4).toString('hex')}`,
        ]);
      }
      if (beyond.length > 0) await runOnCaches(settings, runId, CLEAN, []);
    } catch {
      // Tried again with the next tree that is made.
      known = null;
    }
  }

  return {
    async ensure(runId, entry) {
      const folder = `${entry.id}-${entry.bytes}`;
      const present = (await list(runId)).get(folder);
      if (present) {
        present.usedAt = Date.now();
        return folder;
      }
      const pending = making.get(folder) ?? make(runId, entry, folder);
      making.set(folder, pending);
      try {
        return await pending;
      } finally {
        making.delete(folder);
      }
    },
    async look(runId) {
      await list(runId).catch(() => undefined);
    },
    doubt() {
      known = null;
    },
    prune,
  };
}

/** Trees that a container stands on, running or not. */
async function listUsed(docker: Docker, instance: string): Promise<Set<string>> {
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [`${INSTANCE_LABEL}=${instance}`, CACHES_LABEL] },
  });
  return new Set(containers.flatMap(({ Labels }) => (Labels[CACHES_LABEL] ?? '').split(' ')));
}
