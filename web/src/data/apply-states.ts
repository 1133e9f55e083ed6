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

/** What was read, with what events have told since it was asked for: an older state never replaces a newer one. */
export function mergeAnswer<Item extends RestObject>(
  known: readonly Item[] | undefined,
  answer: readonly Item[],
): readonly Item[] {
  const ids = new Set(answer.map(({ id }) => id));
  const last = Math.max(-1, ...answer.map(({ seq }) => seq));
  // What is missing and not newer than all of the answer is gone.
  return applyStates(answer, known?.filter(({ id, seq }) => ids.has(id) || seq > last) ?? []);
}
