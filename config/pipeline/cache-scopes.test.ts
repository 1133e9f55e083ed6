import { describe, expect, it } from 'vitest';
import type { GitFacts } from '#core/plan.ts';
import { findCacheScopes } from './cache-scopes.ts';
import type { PullRequestFacts, TriggerFacts } from './facts.ts';

const git = (branch: string | null, tag: string | null = null): GitFacts => ({
  sha: 'a'.repeat(40),
  shortSha: 'aaaaaaa',
  branch,
  tag,
  ref: null,
  message: '',
  author: '',
  base: null,
  dirty: false,
});
const facts = (changes: Partial<TriggerFacts>): TriggerFacts => ({
  git: null,
  trigger: 'local',
  pr: null,
  env: {},
  ...changes,
});
const pr = (changes: Partial<PullRequestFacts>): PullRequestFacts => ({
  ...{ number: 7, title: 'T', author: 'ann', head: 'feature', base: 'release', fork: false },
  ...changes,
});

describe('findCacheScopes', () => {
  it('a branch sees its own entries, then those of the default branch', () => {
    expect(findCacheScopes(facts({ git: git('feature'), defaultBranch: 'main' }))).toEqual({
      read: ['branch:feature', 'branch:main'],
      write: 'branch:feature',
    });
  });

  it('the default branch sees itself once', () => {
    expect(findCacheScopes(facts({ git: git('main'), defaultBranch: 'main' }))).toEqual({
      read: ['branch:main'],
      write: 'branch:main',
    });
  });

  it('a pull request sees its branch, its base, then the default branch, and writes its branch', () => {
    expect(findCacheScopes(facts({ git: git(null), pr: pr({}), defaultBranch: 'main' }))).toEqual({
      read: ['branch:feature', 'branch:release', 'branch:main'],
      write: 'branch:feature',
    });
  });

  it('a pull request from a fork reads base and default branch, and never writes', () => {
    const found = findCacheScopes(
      facts({ git: git('main'), pr: pr({ fork: true, head: 'main' }), defaultBranch: 'main' }),
    );
    expect(found).toEqual({ read: ['branch:release', 'branch:main'], write: null });
  });

  it('a tag has entries of its own, and what is in no repository has its own too', () => {
    expect(findCacheScopes(facts({ git: git(null, 'v1') })).write).toBe('tag:v1');
    expect(findCacheScopes(facts({}))).toEqual({ read: ['none'], write: 'none' });
  });
});
