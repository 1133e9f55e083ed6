import type { CacheScopes } from '#core/cache.ts';
import type { TriggerFacts } from './facts.ts';

/** Whose entries a run sees: of its own branch, then of the base, then of the default branch (LANGUAGE §4). */
export function findCacheScopes(facts: TriggerFacts | null): CacheScopes {
  const isFork = facts?.pr?.fork === true;
  // A fork's branch may be called as one of ours: it has no entries of its own.
  const own = isFork ? null : findOwnScope(facts);
  const others = [facts?.pr?.base ?? facts?.git?.base, facts?.defaultBranch].map(nameBranch);
  const read = [own, ...others].filter((scope) => scope !== null);
  return { read: [...new Set(read)], write: own };
}

function findOwnScope(facts: TriggerFacts | null): string {
  const branch = nameBranch(facts?.pr?.head ?? facts?.git?.branch);
  if (branch !== null) return branch;
  const tag = facts?.git?.tag;
  return tag ? `tag:${tag}` : 'none';
}

function nameBranch(branch: string | null | undefined): string | null {
  return branch ? `branch:${branch}` : null;
}
