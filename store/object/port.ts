/**
 * Whole objects by key. Keys are `/`-separated, without `..`. Every operation is safe to
 * repeat and to run at once; a `put` is atomic: a reader sees the old value or the new one, and
 * nobody holds the bytes that were put once it resolves.
 * Adapters are drivers of unstorage (fs, S3, GCS, …); large things are split above this port.
 */
export interface ObjectStore {
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, value: Uint8Array): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Keys that start with `prefix`, in byte order. */
  list(prefix: string): Promise<string[]>;
  remove(key: string): Promise<void>;
}
