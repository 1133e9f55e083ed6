import { openExecutors } from '../executor/select.ts';
import { keepLeases } from './keep-leases.ts';
import { readKeeperSettings, takeKeeperPlace } from './keeper-process.ts';

/** Entry of the keeper: a process of its own, so that it outlives a worker that hangs or dies. */
const settings = readKeeperSettings(process.argv[2] ?? '');
const place = await takeKeeperPlace(settings.folder);
if (place !== null) {
  const executors = openExecutors({
    instance: settings.instance,
    image: settings.image,
    processFolder: settings.processFolder,
    warmBoxes: 0,
    cacheBytes: 0,
    // It ends runs and begins none.
    snapshots: {
      list: () => Promise.reject(new Error('the keeper lists no snapshot')),
      take: () => Promise.reject(new Error('the keeper takes no snapshot')),
      load: () => {
        throw new Error('the keeper loads no snapshot');
      },
      unpack: () => Promise.reject(new Error('the keeper unpacks no snapshot')),
    },
  });
  await keepLeases({
    folder: settings.folder,
    findHost: (kind, endpoint) => executors.find(kind, endpoint).host,
    pollMs: settings.pollMs,
    idleMs: settings.idleMs,
    report: (error, what) => process.stderr.write(`${what}: ${String(error)}\n`),
  });
  await place.leave();
}
