import type { Page, RunObject } from '#core/rest.ts';
import { matches, type RunFilter } from './filter.ts';

/** Runs that are to join a page, by id, each as it was told last. */
export type NewerRuns = ReadonlyMap<string, RunObject>;

/** What is still to join the first page: what it has by now, and what the filter lets through no longer, is not. */
export function listNewer(
  newer: NewerRuns,
  told: readonly RunObject[],
  { items, next }: Pick<Page<RunObject>, 'items' | 'next'>,
  filter: RunFilter,
): NewerRuns {
  const shown = new Set(items.map(({ id }) => id));
  // Ids grow with time: what is older than the page has no place on it.
  const oldest = next ? (items.at(-1)?.id ?? '') : '';
  const all = new Map(newer);
  for (const run of told) if ((all.get(run.id)?.seq ?? -1) < run.seq) all.set(run.id, run);
  return new Map([...all].filter(([id, run]) => !shown.has(id) && id > oldest && matches(filter, run)));
}
