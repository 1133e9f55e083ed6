import * as z from 'zod/mini';
import { ORGANIZATION_ACTIONS, ORGANIZATION_ROLES, WORKSPACE_ACTIONS } from '#core/permission.ts';
import type { DeviceCodeObject, DeviceTokensObject, MeObject, SessionObject } from '#core/rest-sign-in.ts';

const workspaceSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  actions: z.array(z.enum(WORKSPACE_ACTIONS)),
});

export const meSchema = z.strictObject({
  actor: z.string(),
  user: z.nullable(z.strictObject({ id: z.uuid(), name: z.string(), displayName: z.string(), email: z.string() })),
  isOperator: z.boolean(),
  isFresh: z.boolean(),
  organizations: z.array(
    z.strictObject({
      id: z.uuid(),
      name: z.string(),
      role: z.nullable(z.enum(ORGANIZATION_ROLES)),
      actions: z.array(z.enum(ORGANIZATION_ACTIONS)),
      workspaces: z.array(workspaceSchema),
    }),
  ),
}) satisfies z.ZodMiniType<MeObject>;

export const sessionSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['browser', 'cli']),
  client: z.string(),
  address: z.string(),
  isCurrent: z.boolean(),
  authenticatedAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
}) satisfies z.ZodMiniType<SessionObject>;

export const deviceCodeSchema = z.strictObject({
  deviceCode: z.string(),
  userCode: z.string(),
  verificationUri: z.string(),
  verificationUriComplete: z.string(),
  expiresInMs: z.int(),
  intervalMs: z.int(),
}) satisfies z.ZodMiniType<DeviceCodeObject>;

export const deviceTokensSchema = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.iso.datetime(),
}) satisfies z.ZodMiniType<DeviceTokensObject>;
