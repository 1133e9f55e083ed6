import type { Owner } from './principal.ts';

/** Where the object of a call belongs: of routes whose access finds it. */
export function requireOwner(call: { owner: Owner | null }): Owner {
  if (call.owner) return call.owner;
  throw new Error('this kind of access finds no owner');
}

/** The same, of a route over a workspace. */
export function requireWorkspace(call: { owner: Owner | null }): Owner & { workspaceId: string } {
  const { organizationId, workspaceId } = requireOwner(call);
  if (workspaceId === null) throw new Error('this kind of access finds no workspace');
  return { organizationId, workspaceId };
}
