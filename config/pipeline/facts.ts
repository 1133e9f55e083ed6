import type { GitFacts } from '#core/plan.ts';

/** What is known when a run is planned: everything a file may refer to that is not late. */
export interface TriggerFacts {
  /** Null outside a repository. */
  git: GitFacts | null;
  /** `local`, `manual`, `api`, `push`, `pull_request`, … */
  trigger: string;
  /** Where the repository says that its main line is; absent where nobody knows. */
  defaultBranch?: string;
  /** Null for everything that is no pull request. */
  pr: PullRequestFacts | null;
  /** Lowest layer of the environment: `--env-file` and the server's variables. */
  env: Readonly<Record<string, string>>;
}

export interface PullRequestFacts {
  number: number;
  title: string;
  author: string;
  /** Branch the changes come from, and the one they want to go to. */
  head: string;
  base: string;
  fork: boolean;
}

/** Fields of `git.…`, as the language names them. */
export const GIT_FIELDS = ['sha', 'short_sha', 'branch', 'tag', 'ref', 'message', 'author', 'base'] as const;

/** Value of a `git` field; null where the commit has none (a tag, say). */
export function gitField(git: GitFacts, field: (typeof GIT_FIELDS)[number]): string | null {
  if ((field === 'sha' || field === 'short_sha') && git.sha === '') return null;
  return field === 'short_sha' ? git.shortSha : git[field];
}

/** Fields of `pr.…`. */
export const PR_FIELDS = ['number', 'title', 'author', 'head', 'base', 'fork'] as const;
