import { manifestsOf } from './artifact/manifest.ts';
import { removeArtifact } from './artifact/sweep-chunks.ts';
import { logsOf } from './log/open-log-store.ts';
import { runIdOf } from './object/name-segment.ts';
import type { ObjectStore } from './object/port.ts';
import { addSwept, NOTHING_SWEPT, type Swept } from './swept.ts';

/** What runs have left in the object store: their logs, and the manifests of their artifacts. */
export interface RunBytes {
  /** Runs of which anything is there. */
  listRuns(): Promise<string[]>;
  /** Keys of the manifests of a run. */
  listArtifacts(runId: string): Promise<string[]>;
  /** All of a run, without the chunks of its artifacts, which others may share. `youngestAt`: ms since epoch. */
  measure(runId: string): Promise<Swept & { youngestAt: number }>;
  /** See `removeArtifact`. */
  removeArtifact(key: string): Promise<void>;
  /**
   * All of a run: its artifacts first, each whole or gone, then its logs. Absent is fine; cut off in the middle it is
   * done again.
   */
  remove(runId: string): Promise<void>;
}

export function openRunBytes({ objects }: { objects: ObjectStore }): RunBytes {
  const listArtifacts = (runId: string) => objects.list(manifestsOf(runId));
  return {
    async listRuns() {
      const folders = [...(await objects.listFolders('artifacts/')), ...(await objects.listFolders('logs/'))];
      return [...new Set(folders.flatMap((folder) => runIdOf(folder) ?? []))];
    },
    listArtifacts,
    async measure(runId) {
      let swept = NOTHING_SWEPT;
      let youngestAt = 0;
      for (const key of [...(await listArtifacts(runId)), ...(await objects.list(logsOf(runId)))]) {
        const facts = await objects.stat(key);
        if (!facts) continue;
        swept = addSwept(swept, { count: 1, bytes: facts.bytes, oldestAt: facts.changedAt });
        youngestAt = Math.max(youngestAt, facts.changedAt);
      }
      return { ...swept, youngestAt };
    },
    removeArtifact: (key) => removeArtifact(objects, key),
    async remove(runId) {
      for (const key of await listArtifacts(runId)) await removeArtifact(objects, key);
      await objects.remove(manifestsOf(runId));
      await objects.remove(logsOf(runId));
    },
  };
}
