import type { InboxObject } from '#core/rest-inbox.ts';

/** A row of the page: what it is in which section. */
export interface InboxRow {
  id: string;
}

/** All rows, in their order. A run may stand in two sections. */
export function listRows(inbox: InboxObject): InboxRow[] {
  return [
    ...inbox.waiting.map(({ gate }) => ({ id: `waiting ${gate.id}` })),
    ...inbox.faults.map(({ id }) => ({ id: `fault ${id}` })),
    ...inbox.broken.map(({ id }) => ({ id: `broken ${id}` })),
    ...inbox.mine.map(({ id }) => ({ id: `mine ${id}` })),
    ...inbox.soon.map(({ id }) => ({ id: `soon ${id}` })),
  ];
}

/**
 * An inbox while nothing may come in: of what is there, the rows that `shown` has, as they stand now. What is no more
 * goes, as it cannot be acted on. The last decisions stay as they were: they stand only where nothing waits.
 */
export function holdBack(inbox: InboxObject, shown: InboxObject): { held: InboxObject; newer: number } {
  const known = new Set(listRows(shown).map(({ id }) => id));
  const keep = <Item>(section: string, items: readonly Item[], idOf: (item: Item) => string) =>
    items.filter((item) => known.has(`${section} ${idOf(item)}`));
  const held = {
    waiting: keep('waiting', inbox.waiting, ({ gate }) => gate.id),
    faults: keep('fault', inbox.faults, ({ id }) => id),
    broken: keep('broken', inbox.broken, ({ id }) => id),
    mine: keep('mine', inbox.mine, ({ id }) => id),
    soon: keep('soon', inbox.soon, ({ id }) => id),
    decided: shown.decided,
  };
  return { held, newer: listRows(inbox).length - listRows(held).length };
}
