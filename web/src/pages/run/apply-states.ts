import type { RestObject } from '#core/rest.ts';

/** Puts newer states in the place of older ones, by id; what is not newer changes nothing (UI §7). */
export function applyStates<Item extends RestObject>(items: readonly Item[], states: readonly Item[]): readonly Item[] {
  if (states.length === 0) return items;
  const newest = new Map(items.map((item) => [item.id, item]));
  let hasChanged = false;
  for (const state of states) {
    const known = newest.get(state.id);
    if (known && known.seq >= state.seq) continue;
    newest.set(state.id, state);
    hasChanged = true;
  }
  return hasChanged ? [...newest.values()] : items;
}
