import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** More than an attempt has of its own: what a stage has put beside them is not removed at once. */
const FEW = 64;

/**
 * Removes an attempt's folder. Its dozen small files go at once: `rm` would ask of each what it is, and take two turns
 * through the pool of threads for it.
 */
export async function removeFolder(folder: string): Promise<void> {
  try {
    removeSmall(folder, FEW);
  } catch {
    // It holds more, or somebody else removes it too.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Throws when it meets more files than `few`; answers how many more it might have met. */
function removeSmall(folder: string, few: number): number {
  let left = few;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (--left < 0) throw new Error(`${folder} holds more than a few files`);
    const path = join(folder, entry.name);
    if (entry.isDirectory()) left = removeSmall(path, left);
    else unlinkSync(path);
  }
  rmdirSync(folder);
  return left;
}
