import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { Queryable } from '#db/client.ts';
import {
  deleteBinding,
  findBinding,
  listBindings,
  upsertBinding,
  type BindingHolder,
  type BindingRow,
} from '#db/queries/bindings.ts';
import { findMember } from '#db/queries/members.ts';
import { findTeam } from '#db/queries/teams.ts';
import { requireWorkspace } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { toWorkspaceMemberObject } from '../objects/people-objects.ts';
import { readPage } from '../page.ts';
import { changeAccess } from '../people/change-access.ts';
import { requireGrantable, resolveRole } from '../people/granting.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { workspaceMemberSchema } from '../schemas/members.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';

const tag = 'people';
const PATH = '/workspaces/:workspace/members';

/** Who has which role in a workspace: people (`user:ann`) and teams (`team:sre`), one role each. */
export function workspaceMemberRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: PATH, name: 'listWorkspaceMembers', tag },
      summary: 'Lists the roles given in a workspace; owners and admins of the organization need none.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'run:read' },
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(workspaceMemberSchema) },
      async handle(call) {
        const owner = requireWorkspace(call);
        const page = await readPage(
          call.query,
          { workspaceId: owner.workspaceId },
          (from, limit) => listBindings(context.database, owner.workspaceId, from, limit),
          (row) => toWorkspaceMemberObject(row, owner, call.principal),
        );
        return call.request.json(page);
      },
    }),
    route({
      ...{ method: 'put', path: `${PATH}/:principal`, name: 'setWorkspaceMember', tag },
      summary: 'Gives a person or a team a role in a workspace, instead of the one they have.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'member:admin' },
      body: z.strictObject({ role: z.string().check(z.minLength(1), z.maxLength(39)) }),
      answers: { 200: workspaceMemberSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const { organizationId, workspaceId } = owner;
        const { role } = call.body;
        const object = await changeAccess(context, call, owner, 'member:admin', async ({ transaction, granter }) => {
          const holder = await findHolder(transaction, organizationId, call.params.principal);
          requireGrantable(granter, [{ owner, actions: await resolveRole(transaction, organizationId, role) }]);
          const before = await findBinding(transaction, workspaceId, holder);
          await upsertBinding(transaction, { id: createId(), organizationId, workspaceId, holder, role });
          const row = await requireBinding(transaction, workspaceId, holder, call.params.principal);
          await recordAudit(transaction, call, {
            ...{ action: 'workspace-member.set', owner, object: describe(row) },
            detail: { before: before && { role: before.role }, after: { role } },
          });
          return toWorkspaceMemberObject(row, owner, call.principal);
        });
        return call.request.json(object);
      },
    }),
    route({
      ...{ method: 'delete', path: `${PATH}/:principal`, name: 'removeWorkspaceMember', tag },
      summary: 'Takes the role of a person or a team in a workspace away.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'member:admin' },
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireWorkspace(call);
        await changeAccess(context, call, owner, 'member:admin', async ({ transaction }) => {
          const holder = await findHolder(transaction, owner.organizationId, call.params.principal);
          const row = await requireBinding(transaction, owner.workspaceId, holder, call.params.principal);
          await deleteBinding(transaction, row.id);
          await recordAudit(transaction, call, {
            ...{ action: 'workspace-member.remove', owner, object: describe(row) },
            detail: { before: { role: row.role } },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

/** Who `user:ann` or `team:sre` is in the organization: only its own people and teams can have roles in it. */
async function findHolder(queryable: Queryable, organizationId: string, principal: string): Promise<BindingHolder> {
  const [kind, name = ''] = principal.split(/:(.*)/s);
  if (kind === 'user') {
    const member = await findMember(queryable, organizationId, { name });
    if (member) return { kind, id: member.userId };
  }
  if (kind === 'team') {
    const team = await findTeam(queryable, organizationId, { name });
    if (team) return { kind, id: team.id };
  }
  throw notFound(`member or team ${principal} (write user:NAME or team:NAME)`);
}

async function requireBinding(
  queryable: Queryable,
  workspaceId: string,
  holder: BindingHolder,
  principal: string,
): Promise<BindingRow> {
  const row = await findBinding(queryable, workspaceId, holder);
  if (row) return row;
  throw notFound(`role of ${principal} in this workspace`);
}

function describe(row: BindingRow) {
  return { kind: 'workspace-member', id: row.id, name: row.principal };
}
