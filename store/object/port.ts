/**
 * Whole objects by key. Keys are `/`-separated, without `..`. Every operation is safe to
 * repeat and to run at once; a `put` is atomic: a reader sees the old value or the new one, and
 * nobody holds the bytes that were put once it resolves.
 * Adapters are drivers of unstorage (fs, S3, GCS, …); large things are split above this port.
 */
export interface ObjectStore {
  /** The bytes are the caller's own. */
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, value: Uint8Array): Promise<void>;
  /** Null where there is none. */
  stat(key: string): Promise<ObjectFacts | null>;
  /** Makes an object as young as if it had been put now: who relies on one keeps it from being swept. False: there is none. */
  touch(key: string): Promise<boolean>;
  /** Keys that start with `prefix`, in byte order. */
  list(prefix: string): Promise<string[]>;
  /** Names of what stands directly below a prefix that ends in `/` and has more below itself, without reading that. */
  listFolders(prefix: string): Promise<string[]>;
  /** An object; with a `/` at the end all below it. */
  remove(key: string): Promise<void>;
}

export interface ObjectFacts {
  bytes: number;
  /** When it was put or touched last, ms since epoch. */
  changedAt: number;
}
