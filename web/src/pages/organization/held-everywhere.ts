import type { WorkspaceAction } from '#core/permission.ts';
import type { MeObject } from '#core/rest-sign-in.ts';

/** What a person has in every workspace of an organization: all they can put into a role, which counts in each. */
export function listHeldEverywhere(me: MeObject | undefined, organization: string): readonly WorkspaceAction[] {
  const found = me?.organizations.find(({ name }) => name === organization);
  const [first, ...others] = found?.workspaces ?? [];
  return (first?.actions ?? []).filter((action) => others.every(({ actions }) => actions.includes(action)));
}
