import { Trash2 } from 'lucide-react';
import type { CacheObject } from '#core/rest-caches.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action } from './action.ts';

export interface CacheSubject {
  id: string;
  pipeline: PipelineObject;
  cache: CacheObject;
}

/** All entries of a pipeline. */
export interface CachesSubject {
  id: string;
  pipeline: PipelineObject;
}

const listOf = ({ pipeline }: { pipeline: PipelineObject }) => [['list', `pipelines/${pipeline.id}/caches`]];

export const deleteCache: Action<CacheSubject> = {
  ...{ kind: 'command', id: 'cache.delete', icon: Trash2, isDangerous: true },
  label: () => 'Delete',
  availability: ({ pipeline }) => availableIf(pipeline.can.write),
  effect: ({ cache }) =>
    `The entry ${cache.key} of ${cache.name} goes with its ${cache.files} files; the next stage that looks for it begins without. What runs now keeps what it has.`,
  done: ({ cache }) => `${cache.key} is deleted`,
  refreshes: listOf,
  async run({ pipeline, cache }, key) {
    await write('DELETE', `pipelines/${pipeline.id}/caches/${cache.id}`, undefined, { key });
    return { kind: 'done' };
  },
};

export const deleteAllCaches: Action<CachesSubject> = {
  ...{ kind: 'command', id: 'cache.delete-all', icon: Trash2, isDangerous: true },
  label: () => 'Delete all',
  availability: ({ pipeline }) => availableIf(pipeline.can.write),
  effect: ({ pipeline }) =>
    `Every cache entry of ${pipeline.name} goes, of all branches; the next stages begin without. What runs now keeps what it has.`,
  done: ({ pipeline }) => `${pipeline.name} has no cache entries`,
  refreshes: listOf,
  async run({ pipeline }, key) {
    await write('DELETE', `pipelines/${pipeline.id}/caches`, undefined, { key });
    return { kind: 'done' };
  },
};
