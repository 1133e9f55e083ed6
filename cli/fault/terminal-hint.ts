import type { Problem } from '#core/rest.ts';

/** A refusal of the API with its next step said in flags: the API itself speaks of query parameters. */
export function inTerminalWords<Refused extends Pick<Problem, 'code' | 'hint'>>(problem: Refused): Refused {
  switch (problem.code) {
    case 'workspace-missing':
    case 'reference-ambiguous':
      return {
        ...problem,
        hint: `${(problem.hint ?? '').replace('?workspace=', '--workspace ')}; or once for all: buildit config set workspace O/W`,
      };
    case 'organization-missing':
      return { ...problem, hint: 'name a workspace of the one that is meant: --workspace O/W' };
    default:
      return problem;
  }
}
