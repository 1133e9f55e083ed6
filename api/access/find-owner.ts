import { findTokenOwner } from '#db/queries/api-tokens.ts';
import { findOwnerOfPart, findRunOwner } from '#db/queries/owners.ts';
import { listReferred } from '#db/queries/pipelines.ts';
import { findNamedSecret } from '#db/queries/secrets.ts';
import type { Scoped } from '#db/scope.ts';
import { ProblemError } from '../problem.ts';
import type { ObjectKind } from '../route.ts';
import type { Owner, Principal } from './principal.ts';

/**
 * Where the object of a path belongs, by its reference there; null when there is none, or none in the principal's
 * scope: the two look alike from outside. With an `id` the parameter of the path becomes it, so that the handler works on
 * the very object that was allowed.
 */
export type FindOwner = (
  scoped: Scoped,
  reference: string,
  principal: Principal,
) => Promise<(Owner & { id?: string }) | null>;

/** Names are unique in their workspace alone. */
function requireOne<Row extends Owner & { workspace: string }>(rows: readonly Row[], reference: string): Row | null {
  const [only, ...more] = rows;
  if (more.length === 0) return only ?? null;
  throw new ProblemError(422, 'reference-ambiguous', `${reference} is in several workspaces`, {
    hint: `say which: ?workspace=${rows.map((row) => row.workspace).join(' or ')}`,
  });
}

const absent: FindOwner = async () => null;

export const FIND_OWNER: Record<ObjectKind, FindOwner> = {
  run: (scoped, reference) => findRunOwner(scoped, reference),
  gate: (scoped, id) => findOwnerOfPart(scoped, 'gates', id),
  artifact: (scoped, id) => findOwnerOfPart(scoped, 'artifacts', id),
  command: (scoped, id) => findOwnerOfPart(scoped, 'commands', id),
  pipeline: async (scoped, reference) => requireOne(await listReferred(scoped, reference), reference),
  environment: absent,
  secret: (scoped, id) => findNamedSecret(scoped, id),
  token: findTokenOwner,
  team: absent,
  member: absent,
  invitation: absent,
  role: absent,
  webhook: absent,
  delivery: absent,
  workspace: absent,
  organization: absent,
};
