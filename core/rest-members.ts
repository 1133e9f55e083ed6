import type { Action, OrganizationRole, WorkspaceAction } from './permission.ts';
import type { Can } from './rest.ts';

/** A role in a workspace, by names. */
export interface WorkspaceRoleObject {
  /** `org/workspace` */
  workspace: string;
  role: string;
}

/** Somebody in an organization. */
export interface MemberObject {
  id: string;
  organization: string;
  user: {
    id: string;
    name: string;
    displayName: string;
    /** Null for who may not manage members. */
    email: string | null;
  };
  role: OrganizationRole;
  /** Those they are in themselves. */
  teams: string[];
  /** What is given to themselves, besides what their teams have. */
  workspaces: WorkspaceRoleObject[];
  /** Null for who may not manage members, and before the first sign-in. */
  lastSeenAt: string | null;
  createdAt: string;
  can: { update: Can; remove: Can };
}

/** What a person or a team was given in a workspace. */
export interface WorkspaceMemberObject {
  id: string;
  /** `org/workspace` */
  workspace: string;
  /** `user:ann` or `team:sre` */
  principal: string;
  role: string;
  actions: WorkspaceAction[];
  /** Null for a team, before the first sign-in, and for who may not manage members. */
  lastSeenAt: string | null;
  createdAt: string;
  can: { update: Can; remove: Can };
}

export interface TeamObject {
  id: string;
  organization: string;
  /** What a gate names: `team:sre`. */
  name: string;
  /** The team it is part of: its members are members there too. */
  parent: string | null;
  /** Names of who is in it directly. */
  members: string[];
  workspaces: WorkspaceRoleObject[];
  version: number;
  createdAt: string;
  can: { update: Can; remove: Can };
}

/** A role that can be given in workspaces: a preset, or one the organization made. */
export interface RoleObject {
  /** Of a preset its name. */
  id: string;
  organization: string;
  name: string;
  kind: 'preset' | 'own';
  actions: WorkspaceAction[];
  /** 0 of a preset, which nobody changes. */
  version: number;
  createdAt: string | null;
  can: { update: Can; remove: Can };
}

export interface InvitationObject {
  id: string;
  organization: string;
  email: string;
  role: OrganizationRole;
  workspaces: WorkspaceRoleObject[];
  invitedBy: string;
  state: 'open' | 'accepted' | 'revoked' | 'expired';
  expiresAt: string;
  createdAt: string;
  can: { revoke: Can };
}

/** Answer to an invitation: the link is told once. */
export interface NewInvitationObject extends InvitationObject {
  link: string;
}

/** `GET permissions`: the table that API, command line and web share. */
export interface PermissionsObject {
  actions: { name: Action; over: 'workspace' | 'organization'; meaning: string }[];
  /** Of the organization; a role there is one in each of its workspaces too. */
  organizationRoles: { name: string; actions: Action[] }[];
  workspaceRoles: { name: string; actions: Action[] }[];
}
