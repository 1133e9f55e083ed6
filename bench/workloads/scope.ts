import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenWorkload, System } from '../harness/workload.ts';

/**
 * What a workload opens: a folder of its own, and ends for what it starts. When the opening fails, what was started
 * until then is ended too, the newest first.
 */
export interface Scope {
  folder: string;
  /** Ends with the workload. */
  defer(end: () => Promise<unknown>): void;
}

export async function openIn(work: (scope: Scope) => Promise<readonly System[]>): Promise<OpenWorkload> {
  const folder = mkdtempSync(join(tmpdir(), 'perf-'));
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const systems = await work({ folder, defer: (end) => void ends.push(end) });
    return { systems, close };
  } catch (error) {
    await close();
    throw error;
  }
}
