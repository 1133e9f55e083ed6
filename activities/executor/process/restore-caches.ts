import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { faultOf } from '#core/fault.ts';
import { type CacheTree, nameInTree } from '../caches.ts';
import type { AttemptSpec } from '../port.ts';
import { statIfThere } from './attempt-folder.ts';
import { unpackTree } from './unpack-tree.ts';

/**
 * Puts the caches of an attempt into its workspace, each unpacked beside it and moved there when it is whole: a damaged
 * one leaves nothing. They are copies; what a stage does to them is its own. Paths in the home are not ours to fill: the
 * compiler sets them aside.
 */
export async function restoreCaches(spec: AttemptSpec, draft: string, workspace: string): Promise<void> {
  for (const [index, cache] of (spec.caches ?? []).entries()) {
    if (cache.entry === null) continue;
    const begun = Date.now();
    if (spec.source.kind === 'in-place') {
      const cause = "the stage works in the folder itself, whose files are nobody else's to replace";
      cache.onRestored({ kind: 'lost', cause, isDamaged: false });
      continue;
    }
    const beside = join(draft, `.cache-${index}`);
    try {
      await mkdir(beside);
      await unpackTree(cache.entry.open(), beside, { keepTimes: true });
      for (const path of cache.paths) await moveInto(join(beside, nameInTree(path)), join(workspace, path));
      cache.onRestored({ kind: 'restored', ms: Date.now() - begun });
    } catch (error) {
      tellLost(cache, error);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }
}

function tellLost(cache: CacheTree, error: unknown): void {
  const fault = faultOf(error);
  if (fault === null || fault.retry.kind === 'yes') throw error;
  const isDamaged = fault.code === 'artifact-corrupt';
  cache.onRestored({ kind: 'lost', cause: fault.cause ?? fault.message, isDamaged });
}

/** Where nothing is yet it is one rename; else what the source has there stays, under what the cache has. */
async function moveInto(from: string, to: string): Promise<void> {
  if ((await statIfThere(from)) === null) return;
  await mkdir(dirname(to), { recursive: true });
  if ((await statIfThere(to)) === null) await rename(from, to);
  else await cp(from, to, { recursive: true, force: true, verbatimSymlinks: true, preserveTimestamps: true });
}
