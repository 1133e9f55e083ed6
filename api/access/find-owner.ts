import { findTokenOwner } from '#db/queries/api-tokens.ts';
import { listReferredEnvironments } from '#db/queries/environments.ts';
import { findOwnerOfPart, findRunOwner } from '#db/queries/owners.ts';
import { findInvitationOwner, findNamedOwner } from '#db/queries/people-owners.ts';
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

/** By id, by `org/name`, or by a name that the caller has once: they see those they are in and no others. */
function findWorkspace(principal: Principal, reference: string): (Owner & { id: string }) | null {
  const found = principal.organizations.flatMap((organization) =>
    organization.workspaces
      .filter(({ id, name }) => [id, name, `${organization.name}/${name}`].includes(reference))
      .map(({ id }) => ({ id, organizationId: organization.id, workspaceId: id })),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

function findOrganization(principal: Principal, reference: string): (Owner & { id: string }) | null {
  const found = principal.organizations.find(({ id, name }) => id === reference || name === reference);
  return found ? { id: found.id, organizationId: found.id, workspaceId: null } : null;
}

export const FIND_OWNER: Record<ObjectKind, FindOwner> = {
  run: (scoped, reference) => findRunOwner(scoped, reference),
  gate: (scoped, id) => findOwnerOfPart(scoped, 'gates', id),
  artifact: (scoped, id) => findOwnerOfPart(scoped, 'artifacts', id),
  command: (scoped, id) => findOwnerOfPart(scoped, 'commands', id),
  pipeline: async (scoped, reference) => requireOne(await listReferred(scoped, reference), reference),
  environment: async (scoped, reference) => requireOne(await listReferredEnvironments(scoped, reference), reference),
  secret: (scoped, id) => findNamedSecret(scoped, id),
  token: findTokenOwner,
  team: (scoped, reference) => findNamedOwner(scoped, 'team', reference),
  member: (scoped, reference) => findNamedOwner(scoped, 'member', reference),
  invitation: (scoped, id) => findInvitationOwner(scoped, id),
  role: (scoped, reference) => findNamedOwner(scoped, 'role', reference),
  webhook: (scoped, id) => findOwnerOfPart(scoped, 'webhooks', id),
  workspace: async (_scoped, reference, principal) => findWorkspace(principal, reference),
  organization: async (_scoped, reference, principal) => findOrganization(principal, reference),
};
