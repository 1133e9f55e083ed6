/** An entry of a cache that a pipeline has (UI 4.6). */
export interface CacheObject {
  id: string;
  createdAt: string;
  /** Of the cache in the file. */
  name: string;
  /** `branch:main`, `tag:v1`, `none`: whose runs find it. */
  scope: string;
  key: string;
  files: number;
  bytes: number;
  hits: number;
  lastHitAt: string | null;
  /** That saved it; null once the run is gone. */
  runId: string | null;
  stage: string;
  /** How often the cache of this name was looked for in 30 days, and with what. */
  uses: { hits: number; misses: number };
}
