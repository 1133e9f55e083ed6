import { join } from 'node:path';
import type { ReachPoint } from '#core/crash-point.ts';
import { addKeyPoints } from './add-key-points.ts';
import { openArtifactStore } from './artifact/open-artifact-store.ts';
import type { ArtifactStore } from './artifact/port.ts';
import { openCacheStore } from './cache/open-cache-store.ts';
import type { CacheStore } from './cache/port.ts';
import { openLogStore } from './log/open-log-store.ts';
import type { LogStore } from './log/port.ts';
import { openObjectStore } from './object/open-object-store.ts';
import type { ObjectStore } from './object/port.ts';
import { openRunSecretStore } from './secret/open-run-secret-store.ts';
import type { RunSecretStore } from './secret/port.ts';
import { openSnapshotStore } from './snapshot/open-snapshot-store.ts';
import type { SnapshotStore } from './snapshot/port.ts';
import { openSnapshotTransfer, type SnapshotTransfer } from './snapshot/transfer.ts';

export interface Stores {
  objects: ObjectStore;
  logs: LogStore;
  artifacts: ArtifactStore;
  caches: CacheStore;
  snapshots: SnapshotStore;
  transfers: SnapshotTransfer;
  secrets: RunSecretStore;
}

/** The stores of one machine's data folder. Worker and API open them each for themselves. */
export function openStores(options: { dataFolder: string; reach?: ReachPoint }): Stores {
  const { dataFolder, reach } = options;
  const stored = openObjectStore({ folder: join(dataFolder, 'objects') });
  const objects = reach ? addKeyPoints(stored, reach) : stored;
  return {
    objects,
    logs: openLogStore({ objects }),
    artifacts: openArtifactStore({ objects }),
    caches: openCacheStore({ objects }),
    snapshots: openSnapshotStore({ folder: join(dataFolder, 'snapshots') }),
    transfers: openSnapshotTransfer({ folder: join(dataFolder, 'snapshots') }),
    secrets: openRunSecretStore({ folder: join(dataFolder, 'secrets') }),
  };
}
