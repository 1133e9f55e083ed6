import * as z from 'zod/mini';
import { ORGANIZATION_ROLES, WORKSPACE_ACTIONS } from '#core/permission.ts';
import type {
  InvitationObject,
  MemberObject,
  NewInvitationObject,
  PermissionsObject,
  RoleObject,
  TeamObject,
  WorkspaceMemberObject,
  WorkspaceRoleObject,
} from '#core/rest-members.ts';
import { canSchema, moment } from './status.ts';
import { actionSchema } from './token.ts';

const workspaceRole = z.strictObject({
  workspace: z.string(),
  role: z.string(),
}) satisfies z.ZodMiniType<WorkspaceRoleObject>;

export const organizationRole = z.enum(ORGANIZATION_ROLES);
export const workspaceActions = z.array(z.enum(WORKSPACE_ACTIONS));

export const memberSchema = z.strictObject({
  id: z.uuid(),
  organization: z.string(),
  user: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    displayName: z.string(),
    email: z.nullable(z.string()),
  }),
  role: organizationRole,
  teams: z.array(z.string()),
  workspaces: z.array(workspaceRole),
  lastSeenAt: z.nullable(moment),
  createdAt: moment,
  can: z.strictObject({ update: canSchema, remove: canSchema }),
}) satisfies z.ZodMiniType<MemberObject>;

export const workspaceMemberSchema = z.strictObject({
  id: z.uuid(),
  workspace: z.string(),
  principal: z.string(),
  role: z.string(),
  actions: workspaceActions,
  lastSeenAt: z.nullable(moment),
  createdAt: moment,
  can: z.strictObject({ update: canSchema, remove: canSchema }),
}) satisfies z.ZodMiniType<WorkspaceMemberObject>;

export const teamSchema = z.strictObject({
  id: z.uuid(),
  organization: z.string(),
  name: z.string(),
  parent: z.nullable(z.string()),
  members: z.array(z.string()),
  workspaces: z.array(workspaceRole),
  version: z.int(),
  createdAt: moment,
  can: z.strictObject({ update: canSchema, remove: canSchema }),
}) satisfies z.ZodMiniType<TeamObject>;

export const roleSchema = z.strictObject({
  id: z.string(),
  organization: z.string(),
  name: z.string(),
  kind: z.enum(['preset', 'own']),
  actions: workspaceActions,
  version: z.int(),
  createdAt: z.nullable(moment),
  can: z.strictObject({ update: canSchema, remove: canSchema }),
}) satisfies z.ZodMiniType<RoleObject>;

export const invitationSchema = z.strictObject({
  id: z.uuid(),
  organization: z.string(),
  email: z.string(),
  role: organizationRole,
  workspaces: z.array(workspaceRole),
  invitedBy: z.string(),
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  expiresAt: moment,
  createdAt: moment,
  can: z.strictObject({ revoke: canSchema }),
}) satisfies z.ZodMiniType<InvitationObject>;

export const newInvitationSchema = z.extend(invitationSchema, {
  link: z.string(),
}) satisfies z.ZodMiniType<NewInvitationObject>;

const roleOfTable = z.strictObject({ name: z.string(), actions: z.array(actionSchema) });

export const permissionsSchema = z.strictObject({
  actions: z.array(
    z.strictObject({ name: actionSchema, over: z.enum(['workspace', 'organization']), meaning: z.string() }),
  ),
  organizationRoles: z.array(roleOfTable),
  workspaceRoles: z.array(roleOfTable),
}) satisfies z.ZodMiniType<PermissionsObject>;
