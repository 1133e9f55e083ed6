import { randomBytes } from 'node:crypto';
import type { PreparedAttempt, RunOnHost, RunSource } from '../port.ts';
import { type Box, type BoxSettings, ensureBox } from './box.ts';
import { type CacheTrees, keepCacheTrees } from './cache-trees.ts';
import { INSTANCE_LABEL, SNAPSHOT_LABEL, sourceVolumeName } from './names.ts';
import { type LoadSnapshot, prepareAttempts, uploadSource } from './prepare.ts';
import { keepWarmBoxes, type WarmBoxes } from './warm-boxes.ts';

/** What this process knows about the runs on a daemon. All of it can be found again: a restart costs some calls, nothing else. */
export interface DockerRuns {
  open(run: RunOnHost): Promise<void>;
  /** The run's box, running, with a fresh folder for this attempt and the source in place. */
  prepare(runId: string, source: RunSource, attempt: PreparedAttempt): Promise<{ box: Box; folder: string }>;
  /** The run's box, running. */
  reach(runId: string): Promise<Box>;
  /** Forgets what is known of the box, so that the next call looks again. */
  doubt(runId: string): void;
  /** Unpacked caches of this daemon. */
  trees: CacheTrees;
  /** Whether this daemon mounts overlays; found out by the first that fails. */
  overlay: { works: boolean };
  warm: WarmBoxes;
}

const DEFAULT_CACHE_BYTES = 10 * 2 ** 30;

/** What a host keeps ready: boxes that wait for a run, and caches unpacked, in bytes. */
export interface KeptReady {
  warmBoxes: number;
  cacheBytes: number;
}

export function createDockerRuns(
  settings: BoxSettings,
  loadSnapshot: LoadSnapshot,
  { warmBoxes, cacheBytes }: KeptReady = { warmBoxes: 0, cacheBytes: DEFAULT_CACHE_BYTES },
): DockerRuns {
  const { docker, instance } = settings;
  const warm = keepWarmBoxes(settings, warmBoxes);
  const trees = keepCacheTrees(settings, cacheBytes);
  const boxes = new Map<string, Promise<Box>>();
  /** Folders of attempts that have not been begun, as they are being written. */
  const prepared = new Map<string, Promise<string | null>>();
  const overlay: { works: boolean } = { works: true };

  function findBox(runId: string, source: RunSource | null, caches: boolean): Promise<Box> {
    const known = boxes.get(runId);
    if (known) return known;
    const volume =
      source?.kind === 'copy'
        ? {
            name: sourceVolumeName(instance, source.snapshot.digest),
            labels: { [INSTANCE_LABEL]: instance, [SNAPSHOT_LABEL]: source.snapshot.digest },
          }
        : null;
    const box = ensureBox(settings, runId, { source: volume, caches }, (name) => warm.rename(volume, name));
    boxes.set(runId, box);
    box.catch(() => boxes.delete(runId));
    return box;
  }

  async function fill(
    box: Box,
    source: RunSource,
    attempts: readonly PreparedAttempt[],
    isFirst: boolean,
  ): Promise<string[]> {
    const folders = attempts.map((attempt) => ({
      attempt,
      folder: `stages/${attempt.name}-${randomBytes(4).toString('hex')}`,
    }));
    const { hasSource } = await prepareAttempts(docker, box.runId, folders, isFirst);
    if (source.kind === 'copy' && !hasSource) await uploadSource(docker, box.runId, loadSnapshot(source.snapshot));
    return folders.map(({ folder }) => folder);
  }

  return {
    overlay,
    trees,
    warm,
    async open(run) {
      const box = await findBox(run.runId, run.source, run.attempts.some(usesCaches));
      if (box.cachesMountpoint !== null && run.attempts.some(usesCaches)) void trees.look(run.runId);
      // Not waited for: until the first stage asks some 30 ms pass in Temporal. What fails is tried again by the stage.
      const filling = fill(box, run.source, run.attempts, true).catch(() => null);
      for (const [index, { name }] of run.attempts.entries()) {
        prepared.set(
          name,
          filling.then((folders) => folders?.[index] ?? null),
        );
      }
    },
    async prepare(runId, source, attempt) {
      const box = await findBox(runId, source, usesCaches(attempt));
      const known = prepared.get(attempt.name);
      // Taken out: a second container of this name must never find the first one's folder.
      prepared.delete(attempt.name);
      const folder = (await known) ?? (await fill(box, source, [attempt], false))[0] ?? '';
      return { box, folder };
    },
    reach: (runId) => findBox(runId, null, false),
    doubt: (runId) => void boxes.delete(runId),
  };
}

function usesCaches({ runHasCaches, caches = [] }: PreparedAttempt): boolean {
  return runHasCaches === true || caches.length > 0;
}
