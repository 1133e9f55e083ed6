import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { StreamEvent } from '#core/rest.ts';

type PipelineEvent = Extract<StreamEvent, { event: 'state'; kind: 'pipeline' }>;

/**
 * Whether what is told of a pipeline is older than what is shown of it, which was read at `position` of its list. Its
 * `seq` counts the changes of its row alone and stands still while its runs move, so both are looked at.
 */
export function isOutdated(told: PipelineEvent, shown: PipelineObject, position: number): boolean {
  return told.object.seq < shown.seq || told.seq < position;
}

/** What was read, with what was told while the answer was on its way: that may be newer, and comes but once. */
export function keepTold<Item extends { id: string; seq: number }>(
  items: readonly Item[],
  told: ReadonlyMap<string, Item>,
): Item[] {
  return items.map((item) => {
    const known = told.get(item.id);
    return known && known.seq >= item.seq ? known : item;
  });
}
