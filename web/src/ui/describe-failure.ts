import type { Problem } from '#core/rest.ts';

/** What a person reads of something that went wrong. */
export interface Failure {
  title: string;
  hint: string | null;
  code: string;
  requestId: string | null;
}

/** An error that carries the server's own words, or the client's where no server spoke. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** The problem in something that was thrown; null for a fault of the page itself. */
export function problemOf(thrown: unknown): Problem | null {
  return thrown instanceof ProblemError ? thrown.problem : null;
}

export function describeFailure(thrown: unknown): Failure {
  const problem = problemOf(thrown);
  if (problem) {
    const { detail, hint = null, code, requestId } = problem;
    return { title: capitalize(detail), hint: hint && capitalize(hint), code, requestId: requestId || null };
  }
  const title = thrown instanceof Error && thrown.message ? thrown.message : String(thrown);
  return {
    title: capitalize(title),
    hint: 'Reload the page; if it happens again, report it.',
    code: 'page',
    requestId: null,
  };
}

function capitalize(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
