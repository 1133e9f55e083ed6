import { WORKSPACE_ROLE_ACTIONS, WORKSPACE_ROLES } from '#core/permission.ts';
import type {
  InvitationObject,
  MemberObject,
  RoleObject,
  TeamObject,
  WorkspaceMemberObject,
} from '#core/rest-members.ts';
import type { Can } from '#core/rest.ts';
import type { BindingRow } from '#db/queries/bindings.ts';
import type { InvitationRow } from '#db/queries/invitations.ts';
import type { MemberRow } from '#db/queries/members.ts';
import type { OwnRoleRow } from '#db/queries/roles.ts';
import type { TeamRow } from '#db/queries/teams.ts';
import { explainAction } from '../access/authorize.ts';
import type { Owner, Principal } from '../access/principal.ts';
import { actionsOfBinding } from '../people/granting.ts';

/** Addresses are for those who manage members. */
export function toMemberObject(row: MemberRow, principal: Principal): MemberObject {
  const owner = { organizationId: row.organizationId, workspaceId: null };
  const isManager = explainAction(principal, 'organization:members', owner) === true;
  const canChange = explainAction(
    principal,
    row.role === 'owner' && isManager ? 'organization:owners' : 'organization:members',
    owner,
  );
  return {
    id: row.id,
    organization: row.organization,
    user: {
      id: row.userId,
      name: row.name,
      displayName: row.displayName,
      email: isManager ? row.email : null,
    },
    role: row.role,
    teams: row.teams,
    workspaces: row.bindings,
    lastSeenAt: isManager ? row.lastSeenAt : null,
    createdAt: row.createdAt,
    can: { update: canChange, remove: canChange },
  };
}

export function toWorkspaceMemberObject(row: BindingRow, owner: Owner, principal: Principal): WorkspaceMemberObject {
  const canChange = explainAction(principal, 'member:admin', owner);
  return {
    id: row.id,
    workspace: row.workspace,
    principal: row.principal,
    role: row.role,
    actions: actionsOfBinding(row),
    lastSeenAt: canChange === true ? row.lastSeenAt : null,
    createdAt: row.createdAt,
    can: { update: canChange, remove: canChange },
  };
}

export function toTeamObject(row: TeamRow, principal: Principal): TeamObject {
  const canChange = canManage(row.organizationId, principal);
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    parent: row.parent,
    members: row.members,
    workspaces: row.bindings,
    version: row.version,
    createdAt: row.createdAt,
    can: { update: canChange, remove: canChange },
  };
}

export function toRoleObject(row: OwnRoleRow, principal: Principal): RoleObject {
  const canChange = canManage(row.organizationId, principal);
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    kind: 'own',
    actions: row.actions,
    version: row.version,
    createdAt: row.createdAt,
    can: { update: canChange, remove: canChange },
  };
}

/** The presets, as roles of an organization that nobody changes. */
export function listPresetRoles(organization: string): RoleObject[] {
  const no = { no: 'presets are the same everywhere: make a role of your own', code: 'role-preset' };
  return WORKSPACE_ROLES.map((name) => ({
    ...{ id: name, organization, name, kind: 'preset', actions: [...WORKSPACE_ROLE_ACTIONS[name]], version: 0 },
    ...{ createdAt: null, can: { update: no, remove: no } },
  }));
}

export function toInvitationObject(row: InvitationRow, principal: Principal, now: Date): InvitationObject {
  const state = stateOf(row, now);
  const closed = { no: `the invitation is ${state}`, code: 'invitation-closed' };
  return {
    id: row.id,
    organization: row.organization,
    email: row.email,
    role: row.role,
    workspaces: row.workspaces,
    invitedBy: row.invitedBy,
    state,
    expiresAt: row.expiresAt,
    createdAt: row.createdAt,
    can: { revoke: state === 'open' ? canManage(row.organizationId, principal) : closed },
  };
}

function stateOf(row: InvitationRow, now: Date): InvitationObject['state'] {
  if (row.acceptedAt !== null) return 'accepted';
  if (row.revokedAt !== null) return 'revoked';
  return new Date(row.expiresAt) <= now ? 'expired' : 'open';
}

function canManage(organizationId: string, principal: Principal): Can {
  return explainAction(principal, 'organization:members', { organizationId, workspaceId: null });
}
