import { WORKSPACE_ROLE_ACTIONS, WORKSPACE_ROLES, type WorkspaceAction } from '#core/permission.ts';
import type { WorkspaceMemberObject } from '#core/rest-members.ts';

/** Rights that have to do with a pipeline and its runs, as people meet them. */
export const PIPELINE_RIGHTS: readonly WorkspaceAction[] = [
  ...(['run:read', 'run:trigger', 'run:cancel', 'run:force', 'run:change', 'run:shell'] as const),
  ...(['gate:decide', 'pipeline:write', 'secret:list', 'secret:write', 'member:admin'] as const),
];

export interface RoleAccess {
  role: string;
  /** `user:bo`, `team:sre` */
  holders: string[];
  actions: readonly WorkspaceAction[];
}

/** The presets and every other role that somebody has, with who has it. */
export function listRoles(members: readonly WorkspaceMemberObject[]): RoleAccess[] {
  const byRole = Map.groupBy(members, ({ role }) => role);
  const own = [...byRole.keys()].filter((role) => !WORKSPACE_ROLES.some((preset) => preset === role)).toSorted();
  const presets = WORKSPACE_ROLES.map((role) => ({
    role,
    holders: holdersOf(byRole.get(role) ?? []),
    actions: WORKSPACE_ROLE_ACTIONS[role],
  }));
  const others = own.map((role) => {
    const given = byRole.get(role) ?? [];
    return { role, holders: holdersOf(given), actions: given[0]?.actions ?? [] };
  });
  return [...presets, ...others];
}

/** Who was given a right, by whatever role. */
export function listHolders(members: readonly WorkspaceMemberObject[], action: WorkspaceAction): string[] {
  return holdersOf(members.filter(({ actions }) => actions.includes(action)));
}

function holdersOf(members: readonly WorkspaceMemberObject[]): string[] {
  return members.map(({ principal }) => principal).toSorted();
}
