import * as z from 'zod/mini';
import { ORGANIZATION_ACTIONS, WORKSPACE_ACTIONS } from '#core/permission.ts';
import type { CreatedTokenObject, TokenObject } from '#core/rest-sign-in.ts';
import { canSchema } from './status.ts';

export const actionSchema = z.enum([...WORKSPACE_ACTIONS, ...ORGANIZATION_ACTIONS]);

export const tokenSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organization: z.string(),
  workspace: z.nullable(z.string()),
  scopes: z.array(actionSchema),
  hint: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.nullable(z.iso.datetime()),
  lastAddress: z.nullable(z.string()),
  can: z.strictObject({ revoke: canSchema }),
}) satisfies z.ZodMiniType<TokenObject>;

export const createdTokenSchema = z.extend(tokenSchema, {
  token: z.string(),
}) satisfies z.ZodMiniType<CreatedTokenObject>;
