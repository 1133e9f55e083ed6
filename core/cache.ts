import type { Text } from './text.ts';

/** A cache as one stage uses it (LANGUAGE §4). Keys are complete but for values that only a run has. */
export interface CacheRule {
  /** Of a pipeline's cache; an inline one is named after its stage. Part of the entry's identity. */
  name: string;
  /** Below the workspace, or below the stage's home with a leading `~/`. */
  paths: string[];
  key: Text;
  /** Prefixes, looked for in this order, newest entry first, when no entry has the key. */
  restore: Text[];
  save: 'success' | 'always' | 'never';
}
