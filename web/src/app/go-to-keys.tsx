import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { listAreas, type AreaEntry } from './areas.ts';
import { useKey } from './keys.ts';
import { useNearestPlace } from './place.ts';

/** `g` and a letter go to each area. */
export function GoToKeys({ me }: { me: MeObject }) {
  const place = useNearestPlace();
  return listAreas(me, place).map((entry) => <GoToKey key={entry.area} entry={entry} />);
}

function GoToKey({ entry }: { entry: AreaEntry }) {
  const [, go] = useLocation();
  useKey({ keys: `g ${entry.key}`, label: entry.label, group: 'Go to', run: () => go(entry.href) });
  return null;
}
