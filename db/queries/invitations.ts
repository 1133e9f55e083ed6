import type { OrganizationRole } from '#core/permission.ts';
import { asJson, type Queryable, type Transaction } from '../client.ts';
import { newestFirst, pageFrom, type Keyset } from './keyset.ts';

export interface InvitationRow {
  id: string;
  organizationId: string;
  organization: string;
  email: string;
  role: OrganizationRole;
  bindings: { workspaceId: string; role: string }[];
  /** The same by the workspaces' names; those that are no more are left out. */
  workspaces: { workspace: string; role: string }[];
  invitedBy: string;
  expiresAt: string;
  acceptedAt: string | null;
  revokedAt: string | null;
  createdAt: string;
}

export async function listInvitations(
  queryable: Queryable,
  organizationId: string,
  from: Keyset | null,
  limit: number,
): Promise<InvitationRow[]> {
  const rows = await queryable<InvitationRow[]>`
    ${selectInvitations(queryable)} WHERE invitations.organization_id = ${organizationId}
    ${pageFrom(queryable, 'invitations.id', from, limit)}`;
  return newestFirst(rows, from);
}

export async function findInvitation(
  queryable: Queryable,
  which: { id: string } | { tokenHash: string },
): Promise<InvitationRow | null> {
  const isMeant =
    'id' in which ? queryable`invitations.id = ${which.id}` : queryable`invitations.token_hash = ${which.tokenHash}`;
  const [row] = await queryable<InvitationRow[]>`${selectInvitations(queryable)} WHERE ${isMeant}`;
  return row ?? null;
}

function selectInvitations(queryable: Queryable) {
  return queryable`
    SELECT invitations.id, invitations.organization_id, organizations.name AS organization, invitations.email,
      invitations.role, invitations.bindings, invitations.invited_by, invitations.expires_at, invitations.accepted_at,
      invitations.revoked_at, invitations.created_at,
      (SELECT coalesce(json_agg(json_build_object('workspace', organizations.name || '/' || workspaces.name,
          'role', binding.role)), '[]'::json)
        FROM json_to_recordset(invitations.bindings) AS binding("workspaceId" uuid, role text)
        JOIN workspaces ON workspaces.id = binding."workspaceId"
          AND workspaces.organization_id = invitations.organization_id) AS workspaces
    FROM invitations JOIN organizations ON organizations.id = invitations.organization_id`;
}

export async function insertInvitation(
  transaction: Transaction,
  invitation: Pick<
    InvitationRow,
    'id' | 'organizationId' | 'email' | 'role' | 'bindings' | 'invitedBy' | 'expiresAt'
  > & { tokenHash: string; inviterId: string | null },
): Promise<void> {
  await transaction`
    INSERT INTO invitations (id, organization_id, email, role, bindings, token_hash, invited_by, inviter_id,
      expires_at)
    VALUES (${invitation.id}, ${invitation.organizationId}, ${invitation.email}, ${invitation.role},
      ${asJson(transaction, invitation.bindings)}, ${invitation.tokenHash}, ${invitation.invitedBy},
      ${invitation.inviterId}, ${invitation.expiresAt})`;
}

/** Takes an open invitation; false when it was taken, revoked or has expired meanwhile. */
export async function acceptOpenInvitation(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction`
    UPDATE invitations SET accepted_at = now()
    WHERE id = ${id} AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING id`;
  return rows.length === 1;
}

/** Revokes the open ones of an organization that match; answers their addresses. */
export async function revokeInvitations(
  transaction: Transaction,
  organizationId: string,
  which: { id: string } | { email: string } | { inviterId: string } | { role: string },
): Promise<string[]> {
  const isMeant =
    'id' in which
      ? transaction`id = ${which.id}`
      : 'email' in which
        ? transaction`email = ${which.email}`
        : 'role' in which
          ? transaction`EXISTS (SELECT FROM json_to_recordset(bindings) AS binding(role text) WHERE binding.role = ${which.role})`
          : transaction`inviter_id = ${which.inviterId}`;
  const rows = await transaction<{ email: string }[]>`
    UPDATE invitations SET revoked_at = now()
    WHERE organization_id = ${organizationId} AND accepted_at IS NULL AND revoked_at IS NULL AND ${isMeant}
    RETURNING email`;
  return rows.map(({ email }) => email);
}
