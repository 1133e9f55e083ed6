import type { MeObject } from '#core/rest-sign-in.ts';
import { findUser } from '#db/queries/users.ts';
import { isFresh } from '../access/fresh.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';

export async function describeMe(context: ApiContext, principal: Principal): Promise<MeObject> {
  const user = principal.userId === null ? null : await findUser(context.database, principal.userId);
  return {
    actor: principal.actor,
    user: user && { id: user.id, name: user.name, displayName: user.displayName, email: user.email },
    isOperator: principal.isOperator,
    isFresh: isFresh(principal),
    organizations: principal.organizations.map(({ id, name, role, actions, workspaces }) => ({
      ...{ id, name, role, actions: [...actions] },
      workspaces: workspaces.map((workspace) => ({ ...workspace, actions: [...workspace.actions] })),
    })),
  };
}
