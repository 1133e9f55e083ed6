import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import type { PipelineFilter } from './pipeline-filter.ts';
import type { Sort } from './sort.ts';

/** Which pipelines of the workspace, in which order, from where. */
export interface PipelineQuery extends PipelineFilter {
  sort: Sort;
  attention: boolean | null;
  /** Names that come before all others. */
  first: string[];
  cursor: string | null;
}

/**
 * Whether what was told may change which rows the first page has, or their order: only the server can say how. A run
 * moves nothing while neither filter nor order depends on it.
 */
export function hasMoved(told: ReadonlyMap<string, PipelineObject>, page: Page<PipelineObject>, query: PipelineQuery) {
  if (query.cursor !== null || told.size === 0) return false;
  const { name, state, branch, repository, notState, notBranch, notRepository, attention, sort } = query;
  const isPlain = [name, state, branch, repository, notState, notBranch, notRepository].every(
    (part) => part === undefined,
  );
  if (!isPlain || attention !== null || sort !== null) return true;
  const shown = new Set(page.items.map(({ id }) => id));
  // Ids grow with time: an older one that is missing is on a page behind this one.
  const newest = page.items.reduce((most, { id }) => (id > most ? id : most), '');
  return [...told.keys()].some((id) => !shown.has(id) && (page.next === null || id > newest));
}
