/**
 * Who may do what: the one table, read by the API (which enforces it), the command line and the web (which explain it).
 * An action is a right over a workspace or over an organization; a role is a set of actions.
 */

/** Rights in a workspace. */
export const WORKSPACE_ACTIONS = [
  'run:read',
  'run:trigger',
  'run:cancel',
  'run:force',
  'run:change',
  'gate:decide',
  'pipeline:write',
  'environment:write',
  'secret:list',
  'secret:write',
  'webhook:write',
  'quota:write',
  'token:write',
  'audit:read',
  'member:admin',
  'workspace:write',
] as const;
export type WorkspaceAction = (typeof WORKSPACE_ACTIONS)[number];

/** Rights in an organization, over what belongs to no single workspace. */
export const ORGANIZATION_ACTIONS = [
  'organization:read',
  'organization:write',
  'organization:members',
  'organization:owners',
  'organization:secrets',
  'organization:tokens',
  'organization:audit',
  'workspace:create',
] as const;
export type OrganizationAction = (typeof ORGANIZATION_ACTIONS)[number];

export type Action = WorkspaceAction | OrganizationAction;

export const ORGANIZATION_ROLES = ['owner', 'admin', 'member'] as const;
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

/** Presets of a workspace; an organization may have roles of its own, by other names. */
export const WORKSPACE_ROLES = ['viewer', 'developer', 'deployer', 'maintainer'] as const;
export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

const VIEWER: WorkspaceAction[] = ['run:read'];
const DEVELOPER: WorkspaceAction[] = [
  ...VIEWER,
  'run:trigger',
  'run:cancel',
  'run:change',
  'gate:decide',
  'secret:list',
];
const DEPLOYER: WorkspaceAction[] = [...DEVELOPER, 'run:force', 'environment:write'];

/** What each preset of a workspace may do. */
export const WORKSPACE_ROLE_ACTIONS: Record<WorkspaceRole, readonly WorkspaceAction[]> = {
  viewer: VIEWER,
  developer: DEVELOPER,
  deployer: DEPLOYER,
  maintainer: WORKSPACE_ACTIONS,
};

/** What each role of an organization may do there; owners and admins are also maintainers of every workspace. */
export const ORGANIZATION_ROLE_ACTIONS: Record<OrganizationRole, readonly OrganizationAction[]> = {
  owner: ORGANIZATION_ACTIONS,
  admin: ORGANIZATION_ACTIONS.filter((action) => action !== 'organization:owners'),
  member: ['organization:read'],
};

/** Actions of a workspace role of one's organization role. */
export function workspaceActionsOf(role: OrganizationRole): readonly WorkspaceAction[] {
  switch (role) {
    case 'owner':
    case 'admin':
      return WORKSPACE_ACTIONS;
    case 'member':
      return [];
    default:
      return role satisfies never;
  }
}

/** The least preset that has the action: named when somebody lacks it. */
export function leastRoleFor(action: Action): string {
  const preset = WORKSPACE_ROLES.find((role) => WORKSPACE_ROLE_ACTIONS[role].includes(action as WorkspaceAction));
  if (preset) return `${preset} of the workspace`;
  return ORGANIZATION_ROLE_ACTIONS.admin.includes(action as OrganizationAction)
    ? 'admin of the organization'
    : 'owner of the organization';
}

export function isWorkspaceAction(text: string): text is WorkspaceAction {
  return (WORKSPACE_ACTIONS as readonly string[]).includes(text);
}

export function isOrganizationAction(text: string): text is OrganizationAction {
  return (ORGANIZATION_ACTIONS as readonly string[]).includes(text);
}
