import * as z from 'zod/mini';
import {
  QUOTA_KINDS,
  type OrganizationObject,
  type QuotaObject,
  type SettingObject,
  type WorkspaceObject,
} from '#core/rest-workspaces.ts';
import { organizationRole } from './members.ts';
import { canSchema, moment } from './status.ts';

export const workspaceSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organization: z.string(),
  weight: z.int(),
  retentionDays: z.int(),
  defaultRetentionDays: z.int(),
  version: z.int(),
  updatedBy: z.nullable(z.string()),
  createdAt: moment,
  can: z.strictObject({
    ...{ update: canSchema, delete: canSchema, transfer: canSchema },
    ...{ members: canSchema, quotas: canSchema },
  }),
}) satisfies z.ZodMiniType<WorkspaceObject>;

export const organizationSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  role: z.nullable(organizationRole),
  version: z.int(),
  createdAt: moment,
  can: z.strictObject({ update: canSchema, delete: canSchema, members: canSchema, createWorkspace: canSchema }),
}) satisfies z.ZodMiniType<OrganizationObject>;

export const quotaSchema = z.strictObject({
  id: z.enum(QUOTA_KINDS),
  workspace: z.string(),
  limit: z.nullable(z.int()),
  used: z.int(),
  resetsAt: z.nullable(moment),
  waiting: z.int(),
  waiters: z.array(z.strictObject({ run: z.uuid(), label: z.string(), stage: z.string(), askedAt: moment })),
  peak: z.nullable(z.int()),
  version: z.int(),
  updatedBy: z.nullable(z.string()),
  updatedAt: z.nullable(moment),
  can: z.strictObject({ update: canSchema }),
}) satisfies z.ZodMiniType<QuotaObject>;

export const settingSchema = z.strictObject({
  name: z.string(),
  value: z.nullable(z.string()),
  origin: z.enum(['environment', 'file', 'default']),
  place: z.nullable(z.string()),
  unset: z.nullable(z.string()),
}) satisfies z.ZodMiniType<SettingObject>;
