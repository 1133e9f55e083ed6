import type { Action, OrganizationAction, OrganizationRole, WorkspaceAction } from './permission.ts';
import type { Can } from './rest.ts';

/** `GET me`: who asks, and what they may do where. */
export interface MeObject {
  /** `user:ann`, `token:ci`, `user:local` */
  actor: string;
  /** Null for the local user, who has no account. */
  user: { id: string; name: string; displayName: string; email: string } | null;
  isOperator: boolean;
  /** Whether the last sign-in is recent enough for tokens and secrets. */
  isFresh: boolean;
  organizations: {
    id: string;
    name: string;
    /** Null for one who is only in a workspace of it, and for a token. */
    role: OrganizationRole | null;
    actions: OrganizationAction[];
    workspaces: { id: string; name: string; actions: WorkspaceAction[] }[];
  }[];
}

/** A signed-in browser or command line of the caller. */
export interface SessionObject {
  id: string;
  kind: 'browser' | 'cli';
  /** What it calls itself. */
  client: string;
  address: string;
  /** Whether it is the one that asks. */
  isCurrent: boolean;
  authenticatedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  createdAt: string;
}

/** The beginning of a device sign-in (RFC 8628 §3.2). */
export interface DeviceCodeObject {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
  expiresInMs: number;
  /** Shortest time between two polls. */
  intervalMs: number;
}

/** What a command line signs in with. */
export interface DeviceTokensObject {
  accessToken: string;
  refreshToken: string;
  /** Of the access token. */
  expiresAt: string;
}

/** An API token, without what signs in. */
export interface TokenObject {
  id: string;
  name: string;
  organization: string;
  /** `org/workspace`; null for one of the organization. */
  workspace: string | null;
  scopes: Action[];
  /** Its first and last characters, to tell it by. */
  hint: string;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  lastAddress: string | null;
  can: { revoke: Can };
}

/** Answer to the creation of a token, which is told once. */
export interface CreatedTokenObject extends TokenObject {
  token: string;
}
