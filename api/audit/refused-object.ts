import type { Owner } from '../access/principal.ts';
import { ProblemError } from '../problem.ts';
import type { AuditEntry } from './record-audit.ts';

/** A refusal (403) that says of which object it is, where the path of the request does not. */
export class RefusedObjectError extends ProblemError {
  readonly owner: Owner;
  readonly object: AuditEntry['object'];
  constructor({ problem, headers }: ProblemError, owner: Owner, object: AuditEntry['object']) {
    super(problem.status, problem.code, problem.detail, { ...problem, headers });
    this.owner = owner;
    this.object = object;
  }
}

/** Does the work; what is refused in it for want of a right is in the audit as a refusal over this object. */
export async function auditedOver<Result>(
  owner: Owner,
  object: AuditEntry['object'],
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 403) throw error;
    throw new RefusedObjectError(error, owner, object);
  }
}
