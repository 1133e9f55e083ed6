import type { Fault } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';

/** A refusal of the API. It carries the problem, and the same as a fault for those who print one. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  readonly fault: Fault;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.problem = problem;
    this.fault = {
      code: problem.code,
      message: problem.detail,
      ...(problem.cause ? { cause: problem.cause } : {}),
      ...(problem.hint ? { fix: problem.hint } : {}),
      retry: problem.retry === 'no' ? { kind: 'no' } : { kind: 'yes', afterMs: problem.retry.afterMs },
    };
  }
}

/** The problem inside a thrown value, or null. */
export function problemOf(thrown: unknown): Problem | null {
  return thrown instanceof ApiProblem ? thrown.problem : null;
}
