import type { OrganizationRole } from './permission.ts';
import type { Can } from './rest.ts';

export interface WorkspaceObject {
  id: string;
  /** `org/workspace` */
  name: string;
  organization: string;
  /** Share of starts against other workspaces that wait too, 1 to 1000. */
  weight: number;
  /** How long runs are kept, days. */
  retentionDays: number;
  /** The same where a workspace says nothing. */
  defaultRetentionDays: number;
  version: number;
  /** Of its last change; null while it is as it was made. */
  updatedBy: string | null;
  createdAt: string;
  can: { update: Can; delete: Can; transfer: Can; members: Can; quotas: Can };
}

/** Runs of a workspace that stand still together since an incident. */
export interface IncidentObject {
  /** Open runs that nobody has paused. */
  open: number;
  /** Runs that the incident holds; the first of them are named. */
  held: number;
  runs: { id: string; label: string }[];
  /** Of the first that is held; null without one. */
  since: string | null;
  by: string | null;
  reason: string | null;
  can: { switch: Can };
}

/** What became of a pause or resume of all. */
export interface IncidentResult {
  changed: number;
  /** Not asked yet: for the next request. */
  left: number;
  refused: { run: string; code: string; message: string }[];
}

export interface OrganizationObject {
  id: string;
  name: string;
  /** The caller's; null for one who is only in a workspace of it, and for a token. */
  role: OrganizationRole | null;
  version: number;
  createdAt: string;
  can: { update: Can; delete: Can; members: Can; createWorkspace: Can };
}

export const QUOTA_KINDS = ['stages-at-once', 'runs-a-day', 'minutes-a-month', 'storage-bytes'] as const;
export type QuotaKind = (typeof QUOTA_KINDS)[number];

/** What a workspace may use of one thing. */
export interface QuotaObject {
  /** The kind again. */
  id: QuotaKind;
  workspace: string;
  /** Null is no limit. */
  limit: number | null;
  /** Now; of the present day or month (UTC) where the kind says so. */
  used: number;
  /** When `used` begins at 0 again; null for what does not. */
  resetsAt: string | null;
  /** Stages that wait for a place now; 0 for the other kinds. */
  waiting: number;
  /** The first of those. */
  waiters: { run: string; label: string; stage: string; askedAt: string }[];
  /** The greatest of the last 30 days; null is not known. */
  peak: number | null;
  /** 0 when it was never set. */
  version: number;
  updatedBy: string | null;
  updatedAt: string | null;
  can: { update: Can };
}

/** A setting of the installation, with where its value comes from. */
export interface SettingObject {
  /** Of the environment variable. */
  name: string;
  /** Null when it is unset or a secret. */
  value: string | null;
  origin: 'environment' | 'file' | 'default';
  /** `FILE:LINE` of one from a file. */
  place: string | null;
  /** What holds when it is unset; null when it must be set. */
  unset: string | null;
}
