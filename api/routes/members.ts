import * as z from 'zod/mini';
import { revokeInvitations } from '#db/queries/invitations.ts';
import {
  deleteMember,
  findMember,
  hasOtherOwner,
  listMembers,
  setMemberRole,
  type MemberRow,
} from '#db/queries/members.ts';
import { requireAction } from '../access/authorize.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { toMemberObject } from '../objects/people-objects.ts';
import { readPage } from '../page.ts';
import { changeAccess, type AccessChange } from '../people/change-access.ts';
import { listRoleGrants, requireGrantable } from '../people/granting.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { memberSchema, organizationRole } from '../schemas/members.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';

const tag = 'people';

/** Who is in an organization. Its owners are changed by owners only, and one always stays. */
export function memberRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/members', name: 'listMembers', tag },
      summary: 'Lists who is in an organization, newest first.',
      access: { kind: 'organization', action: 'organization:read' },
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(memberSchema) },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const page = await readPage(
          call.query,
          { organizationId },
          (from, limit) => listMembers(context.database, organizationId, from, limit),
          (row) => toMemberObject(row, call.principal),
        );
        return call.request.json(page);
      },
    }),
    route({
      ...{ method: 'get', path: '/members/:member', name: 'getMember', tag },
      summary: 'Answers a member by id or name.',
      access: { kind: 'object', object: 'member', param: 'member', action: 'organization:read' },
      answers: { 200: memberSchema },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const row = await findMember(context.database, organizationId, { id: call.params.member });
        if (!row) throw notFound(`member ${call.params.member}`);
        return call.request.json(toMemberObject(row, call.principal));
      },
    }),
    route({
      ...{ method: 'patch', path: '/members/:member', name: 'changeMember', tag },
      summary: 'Gives a member another role in the organization.',
      access: { kind: 'object', object: 'member', param: 'member', action: 'organization:members' },
      body: z.strictObject({ role: organizationRole }),
      answers: { 200: memberSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { role } = call.body;
        const object = await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { transaction, granter } = change;
          const row = await takeMember(change, owner.organizationId, call.params.member);
          if (role === 'owner') requireAction(granter, 'organization:owners', owner);
          requireGrantable(granter, await listRoleGrants(transaction, owner.organizationId, role));
          if (row.role === 'owner' && role !== 'owner') await requireOtherOwner(change, row);
          await setMemberRole(transaction, row.id, role);
          // What they asked others to with the rights they had is not to come true with those they have.
          const revoked =
            role === row.role
              ? []
              : await revokeInvitations(transaction, owner.organizationId, { inviterId: row.userId });
          await recordAudit(transaction, call, {
            ...{ action: 'member.change', owner, object: describe(row) },
            detail: { before: { role: row.role }, after: { role }, revokedInvitations: revoked },
          });
          return toMemberObject({ ...row, role }, call.principal);
        });
        return call.request.json(object);
      },
    }),
    route({
      ...{ method: 'delete', path: '/members/:member', name: 'removeMember', tag },
      summary: 'Takes somebody out of the organization, with their roles, teams, tokens and invitations there.',
      access: { kind: 'object', object: 'member', param: 'member', action: 'organization:members' },
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const row = await takeMember(change, owner.organizationId, call.params.member);
          if (row.role === 'owner') await requireOtherOwner(change, row);
          const { tokens } = await deleteMember(change.transaction, row);
          const revoked = await revokeInvitations(change.transaction, owner.organizationId, { inviterId: row.userId });
          await recordAudit(change.transaction, call, {
            ...{ action: 'member.remove', owner, object: describe(row) },
            detail: {
              before: { role: row.role, teams: row.teams, workspaces: row.bindings },
              ...{ revokedTokens: tokens, revokedInvitations: revoked },
            },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

/** The row, under the lock. Only owners touch owners. */
async function takeMember(
  { transaction, granter }: AccessChange,
  organizationId: string,
  id: string,
): Promise<MemberRow> {
  const row = await findMember(transaction, organizationId, { id });
  if (!row) throw notFound(`member ${id}`);
  if (row.role === 'owner') requireAction(granter, 'organization:owners', { organizationId, workspaceId: null });
  return row;
}

async function requireOtherOwner({ transaction }: AccessChange, row: MemberRow): Promise<void> {
  if (await hasOtherOwner(transaction, row.organizationId, row.id)) return;
  throw new ProblemError(409, 'last-owner', `${row.name} is the last owner of ${row.organization}`, {
    hint: 'make another member an owner first',
  });
}

function describe(row: MemberRow) {
  return { kind: 'member', id: row.id, name: row.name };
}
