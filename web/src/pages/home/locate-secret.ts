import type { InboxSoon } from '#core/rest-inbox.ts';
import type { WorkspaceRef } from '../../data/me.ts';

/**
 * Address of a secret, itself and no namesake. One of an organization is looked at below a workspace of it: the present
 * one if it is, else the first that may list secrets; null where there is none.
 */
export function locateSecret(
  { id, name, organization, workspace }: Pick<InboxSoon, 'id' | 'name' | 'organization' | 'workspace'>,
  present: string,
  workspaces: readonly WorkspaceRef[],
): string | null {
  const near = workspaces.filter((one) => one.organization === organization && one.actions.includes('secret:list'));
  const path = workspace ?? (near.find((one) => one.path === present) ?? near[0])?.path;
  return path === undefined ? null : `/${path}/secrets/${encodeURIComponent(name)}?id=${id}`;
}
