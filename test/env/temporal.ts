import { findCacheFolder } from '#engine/places.ts';
import { findTemporalBinary } from '#engine/temporal-binary.ts';
import type { Readiness } from './readiness.ts';

/** Whether the engine finds a Temporal server, or can fetch one into its cache: the same way a user's run gets it. */
export async function prepareTemporal(onProgress: (line: string) => void): Promise<Readiness> {
  const environment = process.env;
  try {
    await findTemporalBinary({ cacheFolder: findCacheFolder(environment), environment, onProgress });
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
