/** The objects of the REST API about signing in and API tokens (UI §4.13), shared by api, cli and web. */

import type { Action, OrganizationAction, OrganizationRole, WorkspaceAction } from './permission.ts';
import type { Can } from './rest.ts';

/** `GET me`: who the caller is, and where they may do what. */
export interface MeObject {
  /** As it stands in rows and audit: `user:ann`, `user:local`, `token:ci`. */
  actor: string;
  /** Null for the local user. With a token: its creator. */
  user: { id: string; name: string; displayName: string; email: string } | null;
  isOperator: boolean;
  /** Whether the last sign-in is recent enough to write tokens and secrets. */
  isFresh: boolean;
  organizations: {
    id: string;
    name: string;
    /** Null for one who is in a workspace without being a member, and for tokens. */
    role: OrganizationRole | null;
    actions: OrganizationAction[];
    workspaces: { id: string; name: string; actions: WorkspaceAction[] }[];
  }[];
}

/** A sign-in that counts now. */
export interface SessionObject {
  id: string;
  kind: 'browser' | 'cli';
  /** The browser's own name, or the command line's: `buildit on mac-7`. */
  client: string;
  /** Of the last request. */
  address: string;
  isCurrent: boolean;
  authenticatedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  createdAt: string;
}

/** Answer of `POST device/code`: the codes of a sign-in that a person confirms in a browser (RFC 8628). */
export interface DeviceCodeObject {
  deviceCode: string;
  /** What the person compares: `BCDF-GHJK`. */
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
  expiresInMs: number;
  intervalMs: number;
}

/** A session of a command line. */
export interface DeviceTokensObject {
  accessToken: string;
  refreshToken: string;
  /** Of the access token. */
  expiresAt: string;
}

/** An API token; its text is in the answer to its creation alone. */
export interface TokenObject {
  id: string;
  name: string;
  organization: string;
  /** `org/workspace`; null for one of the whole organization. */
  workspace: string | null;
  /** Actions; of the creator's rights it has those alone. */
  scopes: Action[];
  /** `bi_pat_…x7Yz`: enough to find where it is kept. */
  hint: string;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  /** To the minute. */
  lastUsedAt: string | null;
  lastAddress: string | null;
  can: { revoke: Can };
}

export type CreatedTokenObject = TokenObject & { token: string };
