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
  'run:shell',
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

/** What each action means, for people who choose roles. */
export const ACTION_MEANINGS: Record<Action, string> = {
  'run:read': 'see the workspace: its pipelines, runs, logs, artifacts, environments',
  'run:trigger': 'start runs and run them again',
  'run:cancel': 'cancel runs',
  'run:force': 'end a run that does not follow its cancel',
  'run:change': 'pause and resume runs, extend timeouts, skip and retry stages',
  'run:shell': 'open a terminal in a stage',
  'gate:decide': 'approve or reject, where a gate asks for them',
  'pipeline:write': 'create, change, rename and delete pipelines and repositories',
  'environment:write': 'create, change, lock and delete environments',
  'secret:list': 'see names and versions of secrets, never values',
  'secret:write': 'set, disable and delete secrets',
  'webhook:write': 'manage outgoing webhooks and see their deliveries',
  'quota:write': 'set quotas and the share of a workspace',
  'token:write': 'manage API tokens that are limited to the workspace',
  'audit:read': 'read the audit of the workspace',
  'member:admin': 'give people and teams roles in the workspace',
  'workspace:write': 'rename the workspace, set its retention, delete it',
  'organization:read': 'see the organization, its members and teams',
  'organization:write': 'rename the organization',
  'organization:members': 'invite and remove members, manage teams and roles',
  'organization:owners':
    'make, change and remove owners, give a workspace to another organization, delete the organization',
  'organization:secrets': 'manage secrets of the organization',
  'organization:tokens': 'manage API tokens of the organization',
  'organization:audit': 'read, export and verify the audit of the organization',
  'workspace:create': 'create workspaces',
};

/**
 * What the right of a workspace becomes over an object of the organization as a whole: a secret that every workspace
 * gets is written by who may do that for all of them.
 */
export const ACTIONS_OVER_ORGANIZATION: Partial<Record<Action, OrganizationAction>> = {
  'secret:list': 'organization:secrets',
  'secret:write': 'organization:secrets',
};

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
const DEPLOYER: WorkspaceAction[] = [...DEVELOPER, 'run:force', 'run:shell', 'environment:write'];

/** All but what workspaces share: that is the organization's to say. */
const MAINTAINER = WORKSPACE_ACTIONS.filter((action) => action !== 'quota:write');

/** What each preset of a workspace may do. */
export const WORKSPACE_ROLE_ACTIONS: Record<WorkspaceRole, readonly WorkspaceAction[]> = {
  viewer: VIEWER,
  developer: DEVELOPER,
  deployer: DEPLOYER,
  maintainer: MAINTAINER,
};

/** What each role of an organization may do there; owners and admins may do anything in its workspaces. */
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
  return action === 'organization:owners' ? 'owner of the organization' : 'admin of the organization';
}

export function isWorkspaceAction(text: string): text is WorkspaceAction {
  return (WORKSPACE_ACTIONS as readonly string[]).includes(text);
}

export function isOrganizationAction(text: string): text is OrganizationAction {
  return (ORGANIZATION_ACTIONS as readonly string[]).includes(text);
}
