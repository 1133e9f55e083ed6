import type { Action } from '#core/permission.ts';
import type { Transaction } from '#db/client.ts';
import { lockOrganization } from '#db/queries/organizations.ts';
import { requireAction } from '../access/authorize.ts';
import { loadOrganizations } from '../access/person-principal.ts';
import type { OrganizationGrant, Owner, Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import type { Call } from '../route.ts';

/** A change of who may do what, under way. */
export interface AccessChange {
  transaction: Transaction;
  /** What the one who changes may do at this very moment. */
  granter: Principal;
}

/**
 * Runs a change of members, teams, roles or rights of an organization, in one transaction of the owner of the tables.
 * Such changes are made one after another, each with its maker's rights read anew: of two who remove each other only one
 * succeeds, and nobody passes on what they have just lost. A change of two organizations at once names the other, too.
 */
export async function changeAccess<Result>(
  context: ApiContext,
  call: Pick<Call, 'principal'>,
  owner: Owner,
  action: Action,
  work: (change: AccessChange) => Promise<Result>,
  otherOrganization: string = owner.organizationId,
): Promise<Result> {
  const { result } = await context.database.begin(async (transaction) => {
    // In one order: two who change the same two organizations wait for each other, not both.
    for (const id of [...new Set([owner.organizationId, otherOrganization])].toSorted()) {
      await lockOrganization(transaction, id);
    }
    const granter = await readAgain(transaction, call.principal);
    requireAction(granter, action, owner);
    return { result: await work({ transaction, granter }) };
  });
  return result;
}

/** Of what the principal had at the beginning of the request, what is still so. */
async function readAgain(transaction: Transaction, principal: Principal): Promise<Principal> {
  const { userId } = principal;
  if (userId === null) return principal;
  const present = await loadOrganizations(transaction, userId);
  return {
    ...principal,
    organizations: principal.organizations.flatMap((before) => {
      const now = present.find(({ id }) => id === before.id);
      return now ? [keepBoth(before, now)] : [];
    }),
  };
}

function keepBoth(before: OrganizationGrant, now: OrganizationGrant): OrganizationGrant {
  return {
    ...before,
    role: before.role === null ? null : now.role,
    actions: before.actions.intersection(now.actions),
    workspaces: before.workspaces.flatMap((workspace) => {
      const present = now.workspaces.find(({ id }) => id === workspace.id);
      return present ? [{ ...workspace, actions: workspace.actions.intersection(present.actions) }] : [];
    }),
  };
}
