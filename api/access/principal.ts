import {
  ORGANIZATION_ROLE_ACTIONS,
  workspaceActionsOf,
  type Action,
  type OrganizationAction,
  type OrganizationRole,
  type WorkspaceAction,
} from '#core/permission.ts';
import type { Scope } from '#db/scope.ts';

/** Who asks, and what they may do; established once a request, from the session or the token alone. */
export interface Principal {
  /** As it stands in rows and audit: `user:ann`, `user:local`, `token:ci-bot`. */
  actor: string;
  /**
   * The person behind it, `user:ann`, also behind a token of theirs: what gates count, so that nobody approves twice,
   * or what they started themselves.
   */
  person: string;
  /**
   * Unique over the installation, unlike names: `user:ID`, `token:ID`, `user:local`. Kept answers, limits and traces go
   * by it.
   */
  callerId: string;
  /** `local`: over the unix socket. `session`: a browser. `token`: a bearer. */
  via: 'local' | 'session' | 'token';
  /** The account, or the one whose token it is; null for the local user. */
  userId: string | null;
  sessionId: string | null;
  /** When the person last gave a password, ISO; null without a session (I19: secrets and tokens want ≤ 10 minutes). */
  authenticatedAt: string | null;
  /** May look after the installation itself. */
  isOperator: boolean;
  organizations: readonly OrganizationGrant[];
}

export interface OrganizationGrant {
  id: string;
  name: string;
  /** Null for one who is in a workspace of it without being a member. */
  role: OrganizationRole | null;
  actions: ReadonlySet<OrganizationAction>;
  /** Workspaces where the principal has a right, not always that to see them. */
  workspaces: readonly WorkspaceGrant[];
  /** Names of the teams the person is in, for gates. */
  teams: readonly string[];
}

export interface WorkspaceGrant {
  id: string;
  /** `shop`; together with the organization `acme/shop`. */
  name: string;
  actions: ReadonlySet<WorkspaceAction>;
}

/** The rows a principal may see at all; with `action` those of workspaces where they have it. */
export function scopeOfPrincipal(principal: Principal, action?: WorkspaceAction): Scope {
  return {
    callerId: principal.callerId,
    organizationIds: principal.organizations.map((organization) => organization.id),
    workspaceIds: principal.organizations.flatMap(({ workspaces }) =>
      workspaces.filter(({ actions }) => action === undefined || actions.has(action)).map(({ id }) => id),
    ),
  };
}

/** Where an object belongs: null workspace for one of the organization. */
export interface Owner {
  organizationId: string;
  workspaceId: string | null;
}

/** Whether the principal has the action over what `owner` owns. */
export function isAllowed(principal: Principal, action: Action, owner: Owner): boolean {
  const organization = principal.organizations.find(({ id }) => id === owner.organizationId);
  if (!organization) return false;
  if (owner.workspaceId === null) return organization.actions.has(action as OrganizationAction);
  const workspace = organization.workspaces.find(({ id }) => id === owner.workspaceId);
  return workspace?.actions.has(action as WorkspaceAction) ?? false;
}

/** What an organization's role gives there and in each of its workspaces. */
export function grantOf(
  organization: { id: string; name: string; workspaces: readonly { id: string; name: string }[] },
  role: OrganizationRole,
): OrganizationGrant {
  return {
    id: organization.id,
    name: organization.name,
    role,
    actions: new Set(ORGANIZATION_ROLE_ACTIONS[role]),
    workspaces: organization.workspaces.map(({ id, name }) => ({
      id,
      name,
      actions: new Set(workspaceActionsOf(role)),
    })),
    teams: [],
  };
}
