import { faultOf } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';
import { isAway, toDatabaseFault } from '#db/away.ts';

type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 500 | 503;

/** What a problem may say beyond its status, code and detail. */
export type ProblemExtras = Partial<
  Pick<Problem, 'hint' | 'cause' | 'retry' | 'errors' | 'diagnostics' | 'present' | 'changedBy'>
>;

/** An answer that is a problem (RFC 9457, UI §9); thrown anywhere below a route, rendered once. */
export class ProblemError extends Error {
  readonly problem: Omit<Problem, 'requestId'> & { status: ProblemStatus };
  /** Of the answer, beside those of every problem. */
  readonly headers: Record<string, string>;
  constructor(
    status: ProblemStatus,
    code: string,
    detail: string,
    { headers = {}, ...extras }: ProblemExtras & { headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.headers = headers;
    this.problem = {
      type: `docs/faults/${code}.md`,
      title: TITLES[status],
      status,
      detail,
      code,
      retry: 'no',
      errors: [],
      ...extras,
    };
  }
}

const TITLES: Record<ProblemStatus, string> = {
  400: 'The request is malformed',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict with the present state',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not the media type that is taken',
  422: 'Invalid values',
  428: 'A precondition is required',
  429: 'Too many requests',
  500: 'BuildIt ran into an error of its own',
  503: 'Not ready',
};

/** Statuses of faults that are thrown below the API; any other fault is ours: 500. */
const FAULT_STATUSES: Record<string, ProblemStatus> = {
  'run-unknown': 404,
  'run-expired': 409,
  'artifact-expired': 409,
  'reference-ambiguous': 422,
  'content-corrupt': 422,
  'source-root-missing': 422,
  'secret-exists': 409,
  'secret-changed': 412,
  'secret-version-unknown': 422,
  'master-key-missing': 503,
  'secret-file-unreadable': 422,
  'disk-full': 503,
  'database-unreachable': 503,
  'database-full': 503,
  'temporal-unreachable': 503,
};

/** Any thrown value as the problem to answer. */
export function toProblem(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const fault = isAway(thrown) ? toDatabaseFault(thrown).fault : faultOf(thrown);
  if (fault) {
    return new ProblemError(FAULT_STATUSES[fault.code] ?? 500, fault.code, fault.message, {
      ...(fault.cause ? { cause: fault.cause } : {}),
      ...(fault.fix ? { hint: fault.fix } : {}),
      retry: fault.retry.kind === 'yes' ? { afterMs: fault.retry.afterMs } : 'no',
    });
  }
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProblemError(500, 'internal', 'BuildIt ran into an error of its own', { cause });
}

/** 404 for what is not there, and for what the caller may not know of. */
export function notFound(what: string): ProblemError {
  const hint = what.startsWith('run ')
    ? 'buildit runs list shows what there is'
    : 'it is gone, or where you may not look: its list has those you see';
  return new ProblemError(404, 'not-found', `there is no ${what}`, { hint });
}
