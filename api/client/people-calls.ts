import type { OrganizationRole } from '#core/permission.ts';
import type { AuditEventObject, AuditVerification } from '#core/rest-audit.ts';
import type {
  MemberObject,
  NewInvitationObject,
  WorkspaceMemberObject,
  WorkspaceRoleObject,
} from '#core/rest-members.ts';
import type { CreatedTokenObject, TokenObject } from '#core/rest-sign-in.ts';
import type { Page } from '#core/rest.ts';
import { toQuery, type Http } from './http.ts';

interface PageQuery {
  limit?: number;
  cursor?: string | null;
}

/** What a token or an audit is of: a workspace `org/name`, or an organization; the server knows the only one. */
export type OwnerQuery = { workspace: string | null } | { organization: string | null };

/** People of a server, tokens of programs, and the record of what both did. */
export function peopleCalls({ get, list, write }: Http) {
  const member = (reference: string) => `members/${encodeURIComponent(reference)}`;
  return {
    listTokens: () => list<TokenObject>('tokens'),
    createToken: (owner: OwnerQuery, body: { name: string; scopes: string[]; expiresInDays: number }) =>
      write<CreatedTokenObject>('POST', `tokens${toQuery({ ...owner })}`, body),
    revokeToken: (id: string) => write<void>('DELETE', `tokens/${id}`),
    listMembers: (query: PageQuery & { organization: string | null }) =>
      get<Page<MemberObject>>(`members${toQuery({ ...query })}`),
    /** A member by id, name, or `org/name` where the name is in several organizations. */
    changeMember: (reference: string, role: OrganizationRole) =>
      write<MemberObject>('PATCH', member(reference), { role }),
    removeMember: (reference: string) => write<void>('DELETE', member(reference)),
    /** Gives `user:ann` or `team:sre` a role in a workspace `org/name`, instead of the one they have. */
    setWorkspaceMember: (workspace: string, principal: string, role: string) =>
      write<WorkspaceMemberObject>(
        'PUT',
        `workspaces/${encodeURIComponent(workspace)}/members/${encodeURIComponent(principal)}`,
        { role },
      ),
    createInvitation: (
      organization: string | null,
      body: { email: string; role: OrganizationRole; workspaces?: WorkspaceRoleObject[] },
    ) => write<NewInvitationObject>('POST', `invitations${toQuery({ organization })}`, body),
    listAudit: (owner: OwnerQuery, query: PageQuery) =>
      get<Page<AuditEventObject>>(`audit${toQuery({ ...owner, ...query })}`),
    verifyAudit: (organization: string | null) => get<AuditVerification>(`audit/verify${toQuery({ organization })}`),
  };
}
