import { type CrashPoint, reachNothing, type ReachPoint } from '#core/crash-point.ts';
import type { ObjectStore } from './object/port.ts';

/** Manifests make whole what was stored before them; each comes last (ARCHITECTURE §5). */
const MANIFESTS: readonly [RegExp, CrashPoint][] = [
  [/^artifacts\//, 'artifact-before-manifest'],
  [/^caches\/.+\/manifest\.json$/, 'cache-before-manifest'],
  [/^logs\/.+\/manifest$/, 'log-before-manifest'],
];
/** A part of a log: see log/segment-name.ts. */
const FLUSH = /^logs\/.+_\d+-\d+$/;

/** Objects with the points of what they are: see core/crash-point.ts. */
export function addKeyPoints(objects: ObjectStore, reach: ReachPoint): ObjectStore {
  if (reach === reachNothing) return objects;
  return {
    ...objects,
    async put(key, value) {
      const manifest = MANIFESTS.find(([pattern]) => pattern.test(key));
      if (manifest) reach(manifest[1]);
      await objects.put(key, value);
      if (FLUSH.test(key)) reach('log-after-flush');
    },
  };
}
