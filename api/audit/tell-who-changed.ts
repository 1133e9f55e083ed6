import { findLastActor } from '#db/queries/audit.ts';
import type { Owner } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';

/**
 * A write that came too late learns who was faster (UI §7): the object itself says it, else the audit. Answers anything
 * else that was thrown as it is.
 */
export async function tellWhoChanged(context: ApiContext, owner: Owner | null, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof ProblemError) || thrown.problem.code !== 'changed-meanwhile' || !owner) return thrown;
  const { status, code, hint = '', present } = thrown.problem;
  const { id, updatedBy } = readPresent(present);
  const find = (objectId: string) =>
    findLastActor(context.database, { organizationId: owner.organizationId, objectId });
  const changedBy = updatedBy ?? (id === undefined ? null : await find(id));
  if (changedBy === null) return thrown;
  return new ProblemError(status, code, `${changedBy} changed it since it was read`, { hint, present, changedBy });
}

function readPresent(present: unknown): { id?: string; updatedBy?: string } {
  if (typeof present !== 'object' || present === null) return {};
  const [id, updatedBy] = ['id', 'updatedBy'].map((name): unknown => Reflect.get(present, name));
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof updatedBy === 'string' ? { updatedBy } : {}) };
}
