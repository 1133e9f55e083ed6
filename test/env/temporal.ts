import { findCacheFolder } from '#engine/places.ts';
import { findTemporalBinary } from '#engine/temporal-binary.ts';
import type { Readiness } from './readiness.ts';

/** Path of a Temporal server, found or fetched into the engine's cache: the same way a user's run gets it. */
export async function locateTemporal(onProgress: (line: string) => void = () => {}): Promise<string> {
  const environment = process.env;
  return (await findTemporalBinary({ cacheFolder: findCacheFolder(environment), environment, onProgress })).path;
}

/** Whether there is a Temporal server or one can be fetched. */
export async function prepareTemporal(onProgress: (line: string) => void): Promise<Readiness> {
  try {
    await locateTemporal(onProgress);
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
