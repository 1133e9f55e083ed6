import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import { findInvitation, insertInvitation, listInvitations, revokeInvitations } from '#db/queries/invitations.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { toInvitationObject } from '../objects/people-objects.ts';
import { readPage } from '../page.ts';
import { changeAccess } from '../people/change-access.ts';
import { checkInvited } from '../people/invite.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { invitationSchema, newInvitationSchema, organizationRole } from '../schemas/members.ts';
import { workspacePathSchema } from '../schemas/name.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { emailSchema } from '../sign-in/names.ts';
import { publicAddress } from '../sign-in/public-address.ts';
import { createSecret, hashSecret } from '../sign-in/token-text.ts';

const tag = 'people';
const OPEN_DAYS = 7;

const workspaces = z
  .array(z.strictObject({ workspace: workspacePathSchema, role: z.string().check(z.minLength(1), z.maxLength(39)) }))
  .check(
    z.maxLength(100),
    z.refine((list) => new Set(list.map(({ workspace }) => workspace)).size === list.length, 'names a workspace twice'),
  );

/** Invitations to an organization: a link that works once and for a week. It is told in the answer, and nowhere kept. */
export function invitationRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/invitations', name: 'listInvitations', tag },
      summary: 'Lists invitations to an organization, newest first.',
      access: { kind: 'organization', action: 'organization:members' },
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(invitationSchema) },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const now = new Date();
        const page = await readPage(
          call.query,
          { organizationId },
          (from, limit) => listInvitations(context.database, organizationId, from, limit),
          (row) => toInvitationObject(row, call.principal, now),
        );
        return call.request.json(page);
      },
    }),
    route({
      ...{ method: 'post', path: '/invitations', name: 'createInvitation', tag },
      summary: 'Invites somebody by e-mail address, instead of any invitation to it that is open.',
      access: { kind: 'organization', action: 'organization:members' },
      body: z.strictObject({
        email: emailSchema,
        role: organizationRole,
        workspaces: z.exactOptional(workspaces),
      }),
      answers: { 201: newInvitationSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { organizationId } = owner;
        const email = call.body.email.toLowerCase();
        const invited = { role: call.body.role, workspaces: call.body.workspaces ?? [] };
        // Not kept for its Idempotency-Key, because of the link: a repetition replaces the invitation.
        const token = createSecret();
        const id = createId();
        const object = await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { transaction } = change;
          const bindings = await checkInvited(change, organizationId, invited);
          const replaced = await revokeInvitations(transaction, organizationId, { email });
          await insertInvitation(transaction, {
            ...{ id, organizationId, email, role: invited.role, bindings, tokenHash: hashSecret(token) },
            ...{ invitedBy: call.principal.actor, inviterId: call.principal.userId },
            expiresAt: new Date(Date.now() + OPEN_DAYS * 86_400_000).toISOString(),
          });
          await recordAudit(transaction, call, {
            ...{ action: 'invitation.create', owner, object: { kind: 'invitation', id, name: email } },
            detail: { after: invited, replaced: replaced.length > 0 },
          });
          const row = await findInvitation(transaction, { id });
          if (!row) throw new Error('an invitation that was inserted is there');
          return toInvitationObject(row, call.principal, new Date());
        });
        const link = `${publicAddress(context, call.request)}/invitation?token=${token}`;
        const headers = { Location: `/api/v1/invitations/${id}`, 'Cache-Control': 'no-store' };
        return call.request.json({ ...object, link }, 201, headers);
      },
    }),
    route({
      ...{ method: 'delete', path: '/invitations/:invitation', name: 'revokeInvitation', tag },
      summary: 'Withdraws an invitation that is open.',
      access: { kind: 'object', object: 'invitation', param: 'invitation', action: 'organization:members' },
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        const id = call.params.invitation;
        await changeAccess(context, call, owner, 'organization:members', async ({ transaction }) => {
          const row = await findInvitation(transaction, { id });
          if (!row) throw notFound(`invitation ${id}`);
          const revoked = await revokeInvitations(transaction, owner.organizationId, { id });
          if (revoked.length === 0) {
            throw new ProblemError(409, 'invitation-closed', 'the invitation was used or withdrawn already');
          }
          await recordAudit(transaction, call, {
            ...{ action: 'invitation.revoke', owner, object: { kind: 'invitation', id, name: row.email } },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}
