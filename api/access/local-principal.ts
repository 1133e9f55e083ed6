import type { Database } from '#db/client.ts';
import { listOrganizations } from '#db/queries/organizations.ts';
import { grantOf, type Principal } from './principal.ts';

/** Over the socket there is one user, whoever may read the token: the owner of this installation. */
export async function loadLocalPrincipal(database: Database): Promise<Principal> {
  const organizations = await listOrganizations(database);
  return {
    actor: 'user:local',
    person: 'user:local',
    callerId: 'user:local',
    via: 'local',
    userId: null,
    sessionId: null,
    authenticatedAt: null,
    isOperator: true,
    organizations: organizations.map((organization) => grantOf(organization, 'owner')),
  };
}
