import type { OwnerQuery } from '#api/client/people-calls.ts';
import { type Place, workspaceOf } from './place.ts';

/** The organization of the workspace in use; null leaves it to the server, which knows when there is one alone. */
export function organizationOf(place: Place): string | null {
  return workspaceOf(place)?.split('/')[0] ?? null;
}

/** The workspace in use, or the organization when none is. */
export function ownerOf(place: Place): OwnerQuery {
  const workspace = workspaceOf(place);
  return workspace === null ? { organization: null } : { workspace };
}
