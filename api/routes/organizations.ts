import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { Queryable } from '#db/client.ts';
import { insertMember } from '#db/queries/members.ts';
import {
  deleteOrganization,
  insertOrganization,
  listOrganizationRows,
  renameOrganization,
  type OrganizationRow,
} from '#db/queries/organizations.ts';
import { deleteWorkspaces, listWorkspaceIds, lockWorkspaces } from '#db/queries/workspaces.ts';
import { grantOf, scopeOfPrincipal } from '../access/principal.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { toOrganizationObject } from '../objects/workspace-object.ts';
import { changeAccess } from '../people/change-access.ts';
import { requireClosed, requireNamed, requireRemovable } from '../people/removal.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { organizationNameSchema } from '../schemas/name.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { organizationSchema } from '../schemas/workspaces.ts';

const tag = 'workspaces';

/** Organizations: who owns workspaces and has members. They know nothing of each other. */
export function organizationRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/organizations', name: 'listOrganizations', tag },
      summary: 'Lists the organizations the caller is in.',
      access: { kind: 'signed-in' },
      answers: { 200: pageOf(organizationSchema) },
      async handle(call) {
        const rows = await listOrganizationRows(context.database, scopeOfPrincipal(call.principal).organizationIds);
        return call.request.json(wholePage(rows.map((row) => toOrganizationObject(row, call.principal))));
      },
    }),
    route({
      ...{ method: 'post', path: '/organizations', name: 'createOrganization', tag },
      summary: 'Makes an organization, owned by who makes it.',
      access: { kind: 'operator' },
      body: z.strictObject({ name: organizationNameSchema }),
      answers: { 201: organizationSchema },
      async handle(call) {
        const { name } = call.body;
        const { userId } = call.principal;
        const id = createId();
        return once(context, call.request, call.body, async (keep) => {
          const { answer } = await context.database.begin(async (transaction) => {
            if (!(await insertOrganization(transaction, id, name))) throw refuseTaken(name);
            if (userId !== null) {
              await insertMember(transaction, { id: createId(), organizationId: id, userId, role: 'owner' });
            }
            await recordAudit(transaction, call, {
              ...{ action: 'organization.create', owner: { organizationId: id, workspaceId: null } },
              object: { kind: 'organization', id, name },
            });
            const row = await requireRow(transaction, id);
            const maker = { ...call.principal, organizations: [grantOf({ id, name, workspaces: [] }, 'owner')] };
            const headers = { Location: `/api/v1/organizations/${id}`, ETag: etagOf(row.version) };
            const made = answerJson(201, toOrganizationObject(row, maker), headers);
            await keep(transaction, made);
            return { answer: made };
          });
          return answer;
        });
      },
    }),
    route({
      ...{ method: 'get', path: '/organizations/:organization', name: 'getOrganization', tag },
      summary: 'Answers an organization by id or name.',
      access: { kind: 'object', object: 'organization', param: 'organization', action: 'organization:read' },
      answers: { 200: organizationSchema },
      async handle(call) {
        const row = await requireRow(context.database, requireOwner(call).organizationId);
        return call.request.json(toOrganizationObject(row, call.principal), 200, { ETag: etagOf(row.version) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/organizations/:organization', name: 'changeOrganization', tag },
      summary: 'Renames an organization.',
      access: { kind: 'object', object: 'organization', param: 'organization', action: 'organization:write' },
      body: z.strictObject({ name: organizationNameSchema }),
      answers: { 200: organizationSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const object = await changeAccess(context, call, owner, 'organization:write', async ({ transaction }) => {
          const row = await requireRow(transaction, owner.organizationId);
          requireMatch(call.request, row.version, toOrganizationObject(row, call.principal));
          const { name } = call.body;
          if (name !== row.name) requireRemovable(row.id, 'renamed');
          if (!(await renameOrganization(transaction, row.id, name))) throw refuseTaken(name);
          await recordAudit(transaction, call, {
            ...{ action: 'organization.change', owner, object: { kind: 'organization', id: row.id, name } },
            detail: { before: { name: row.name }, after: { name } },
          });
          return toOrganizationObject(await requireRow(transaction, row.id), call.principal);
        });
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/organizations/:organization', name: 'deleteOrganization', tag },
      summary: 'Removes an organization with its workspaces, people and audit; its name confirms.',
      access: { kind: 'object', object: 'organization', param: 'organization', action: 'organization:owners' },
      body: z.strictObject({ name: z.string() }),
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:owners', async ({ transaction }) => {
          const row = await requireRow(transaction, owner.organizationId);
          requireNamed(row.name, call.body.name);
          requireRemovable(row.id, 'deleted');
          const workspaceIds = await listWorkspaceIds(transaction, row.id);
          requireClosed(await lockWorkspaces(transaction, workspaceIds));
          await deleteWorkspaces(transaction, workspaceIds);
          await deleteOrganization(transaction, row.id);
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

async function requireRow(queryable: Queryable, id: string): Promise<OrganizationRow> {
  const [row] = await listOrganizationRows(queryable, [id]);
  if (row) return row;
  throw notFound(`organization ${id}`);
}

function refuseTaken(name: string): ProblemError {
  return new ProblemError(409, 'name-taken', `there is an organization ${name} already`, {
    hint: 'choose another name',
  });
}
