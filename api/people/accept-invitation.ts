import { v7 as createId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import { upsertBinding } from '#db/queries/bindings.ts';
import { acceptOpenInvitation, findInvitation, type InvitationRow } from '#db/queries/invitations.ts';
import { insertMember } from '#db/queries/members.ts';
import { lockOrganization } from '#db/queries/organizations.ts';
import { listWorkspaceIds } from '#db/queries/workspaces.ts';
import { writeEvent, type AuditSource } from '../audit/record-audit.ts';
import { ProblemError } from '../problem.ts';
import { hashSecret } from '../sign-in/token-text.ts';

/** The invitation of a link, while it can be accepted. Throws 404 `invitation-closed` for any other. */
export async function findOpenInvitation(transaction: Transaction, token: string): Promise<InvitationRow> {
  const row = await findInvitation(transaction, { tokenHash: hashSecret(token) });
  const isOpen = row?.acceptedAt === null && row.revokedAt === null && new Date(row.expiresAt) > new Date();
  if (row && isOpen) return row;
  throw refuseClosed();
}

/**
 * Makes an account a member as an invitation says, once. Who is a member already keeps the role they have in the
 * organization, and gets those in workspaces. Workspaces that are gone are left out.
 */
export async function acceptInvitation(
  transaction: Transaction,
  token: string,
  user: { id: string; name: string },
  source: AuditSource,
): Promise<InvitationRow> {
  const invitation = await findOpenInvitation(transaction, token);
  const { id, organizationId } = invitation;
  await lockOrganization(transaction, organizationId);
  if (!(await acceptOpenInvitation(transaction, id))) throw refuseClosed();
  const memberId = createId();
  const role = await insertMember(transaction, {
    ...{ id: memberId, organizationId, userId: user.id, role: invitation.role },
  });
  const workspaceIds = new Set(await listWorkspaceIds(transaction, organizationId));
  for (const binding of invitation.bindings) {
    if (!workspaceIds.has(binding.workspaceId)) continue;
    const holder = { kind: 'user', id: user.id } as const;
    await upsertBinding(transaction, { id: createId(), organizationId, holder, ...binding });
  }
  await writeEvent(transaction, source, {
    ...{ action: 'invitation.accept', verdict: 'done', code: null },
    owner: { organizationId, workspaceId: null },
    object: { kind: 'invitation', id, name: invitation.email },
    detail: { member: user.name, role, workspaces: invitation.workspaces, invitedBy: invitation.invitedBy },
  });
  return invitation;
}

function refuseClosed(): ProblemError {
  return new ProblemError(404, 'invitation-closed', 'the invitation was used, withdrawn or has expired', {
    hint: 'ask for another',
  });
}
