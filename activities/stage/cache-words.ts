import type { CacheScopes, FoundCache } from '#core/cache.ts';
import type { CacheContent } from '#store/cache/port.ts';
import type { ResolvedCache } from './caches.ts';

/** What the log of a stage says about its caches: one line each, from us and not from its program. */
type Named = Pick<ResolvedCache, 'rule' | 'key' | 'prefixes'>;

export function describeRestored({ rule, key }: Named, found: FoundCache, ms: number): string {
  const asked = found.key === key ? '' : ` (${key} is not there)`;
  return `cache ${rule.name}: hit ${found.key}${asked} from ${nameScope(found.scope)}, ${formatSize(found.bytes)}, ${formatSeconds(ms)}`;
}

export function describeMiss({ rule, key, prefixes }: Named, scopes: CacheScopes): string {
  const then = prefixes.length === 0 ? '' : `, then for what begins with ${prefixes.join(', ')}`;
  return `cache ${rule.name}: miss; looked for ${key}${then} of ${scopes.read.map(nameScope).join(', ') || 'nobody'}`;
}

export function describeLost({ rule }: Named, found: FoundCache, cause: string): string {
  return `warning: cache ${rule.name}: ${found.key} from ${nameScope(found.scope)} is not used: ${cause}`;
}

export function describeSaved({ rule, key }: Named, { files, bytes }: CacheContent, ms: number): string {
  const count = `${files.toLocaleString('en-US')} file${files === 1 ? '' : 's'}`;
  return `cache ${rule.name}: saved as ${key}, ${count}, ${formatSize(bytes)}, ${formatSeconds(ms)}`;
}

export function describeNotSaved({ rule }: Named, cause: string): string {
  return `cache ${rule.name}: not saved: ${cause}`;
}

/** `main`, `tag v1`; outside a repository there is one scope for all. */
function nameScope(scope: string): string {
  if (scope === 'none') return 'this pipeline';
  return scope.replace(/^branch:/, '').replace(/^tag:/, 'tag ');
}

function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1_000 ** power).toFixed(1)} ${units[power - 1]}`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
