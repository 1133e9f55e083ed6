import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import { ORGANIZATION_ROLES, WORKSPACE_ACTIONS, WORKSPACE_ROLES, type WorkspaceAction } from '#core/permission.ts';
import type { Queryable } from '#db/client.ts';
import { listRoleBindings } from '#db/queries/bindings.ts';
import { revokeInvitations } from '#db/queries/invitations.ts';
import { listOrganizationRows } from '#db/queries/organizations.ts';
import { deleteOwnRole, insertOwnRole, listOwnRoles, setOwnRoleActions, type OwnRoleRow } from '#db/queries/roles.ts';
import { listWorkspaceIds } from '#db/queries/workspaces.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { listPresetRoles, toRoleObject } from '../objects/people-objects.ts';
import { changeAccess, type AccessChange } from '../people/change-access.ts';
import { requireGrantable } from '../people/granting.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { roleSchema } from '../schemas/members.ts';
import { nameSchema } from '../schemas/name.ts';
import { pageOf, wholePage } from '../schemas/page.ts';

const tag = 'people';
/** So that they are listed whole. */
const MAX_ROLES = 100;

const actions = z.array(z.enum(WORKSPACE_ACTIONS)).check(
  z.minLength(1),
  z.maxLength(WORKSPACE_ACTIONS.length),
  z.refine((list) => new Set(list).size === list.length, 'names an action twice'),
);
/** Role names stand beside each other in bindings. */
const roleName = nameSchema.check(
  z.refine((name) => !([...WORKSPACE_ROLES, ...ORGANIZATION_ROLES] as string[]).includes(name), 'is a preset'),
);

/** Roles that can be given in workspaces: presets, and sets of actions that the organization puts together itself. */
export function roleRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/roles', name: 'listRoles', tag },
      summary: 'Lists the presets and the roles the organization made.',
      access: { kind: 'organization', action: 'organization:read' },
      answers: { 200: pageOf(roleSchema) },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const [organization] = await listOrganizationRows(context.database, [organizationId]);
        const own = await listOwnRoles(context.database, organizationId);
        const items = [
          ...listPresetRoles(organization?.name ?? ''),
          ...own.map((row) => toRoleObject(row, call.principal)),
        ];
        return call.request.json(wholePage(items));
      },
    }),
    route({
      ...{ method: 'post', path: '/roles', name: 'createRole', tag },
      summary: 'Makes a role of actions that the caller has in every workspace.',
      access: { kind: 'organization', action: 'organization:members' },
      body: z.strictObject({ name: roleName, actions }),
      answers: { 201: roleSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { name } = call.body;
        return once(context, call.request, call.body, (keep) =>
          changeAccess(context, call, owner, 'organization:members', async (change) => {
            const { transaction } = change;
            await requireActions(change, owner.organizationId, call.body.actions);
            if ((await listOwnRoles(transaction, owner.organizationId)).length >= MAX_ROLES) {
              throw new ProblemError(
                409,
                'too-many-roles',
                `an organization has at most ${MAX_ROLES} roles of its own`,
                {
                  hint: 'delete one that nobody has',
                },
              );
            }
            const id = createId();
            const role = { id, organizationId: owner.organizationId, name, actions: call.body.actions };
            if (!(await insertOwnRole(transaction, role))) {
              throw new ProblemError(409, 'name-taken', `there is a role ${name} already`, {
                hint: 'choose another name',
              });
            }
            await recordAudit(transaction, call, {
              ...{ action: 'role.create', owner, object: { kind: 'role', id, name } },
              detail: { after: { actions: role.actions } },
            });
            const row = await requireRole(transaction, owner.organizationId, id);
            const headers = { Location: `/api/v1/roles/${id}`, ETag: etagOf(row.version) };
            const answer = answerJson(201, toRoleObject(row, call.principal), headers);
            await keep(transaction, answer);
            return answer;
          }),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/roles/:role', name: 'getRole', tag },
      summary: 'Answers a role that the organization made, by id or name.',
      access: { kind: 'object', object: 'role', param: 'role', action: 'organization:read' },
      answers: { 200: roleSchema },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const row = await requireRole(context.database, organizationId, call.params.role);
        return call.request.json(toRoleObject(row, call.principal), 200, { ETag: etagOf(row.version) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/roles/:role', name: 'changeRole', tag },
      summary: 'Changes the actions of a role, for everybody who has it.',
      access: { kind: 'object', object: 'role', param: 'role', action: 'organization:members' },
      body: z.strictObject({ actions }),
      answers: { 200: roleSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const object = await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { transaction } = change;
          const row = await requireRole(transaction, owner.organizationId, call.params.role);
          requireMatch(call.request, row.version, toRoleObject(row, call.principal));
          await requireActions(change, owner.organizationId, call.body.actions);
          await setOwnRoleActions(transaction, row.id, call.body.actions);
          await recordAudit(transaction, call, {
            ...{ action: 'role.change', owner, object: { kind: 'role', id: row.id, name: row.name } },
            detail: { before: { actions: row.actions }, after: { actions: call.body.actions } },
          });
          return toRoleObject(await requireRole(transaction, owner.organizationId, row.id), call.principal);
        });
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/roles/:role', name: 'deleteRole', tag },
      summary: 'Removes a role; refused while somebody has it.',
      access: { kind: 'object', object: 'role', param: 'role', action: 'organization:members' },
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:members', async ({ transaction }) => {
          const row = await requireRole(transaction, owner.organizationId, call.params.role);
          const bindings = await listRoleBindings(transaction, owner.organizationId, row.name);
          if (bindings.length > 0) {
            const holders = bindings.slice(0, 5).map((binding) => `${binding.principal} in ${binding.workspace}`);
            throw new ProblemError(409, 'role-in-use', `${row.name} is the role of ${holders.join(', ')}`, {
              hint: 'give them another role first',
            });
          }
          await deleteOwnRole(transaction, row.id);
          const revoked = await revokeInvitations(transaction, owner.organizationId, { role: row.name });
          await recordAudit(transaction, call, {
            ...{ action: 'role.delete', owner, object: { kind: 'role', id: row.id, name: row.name } },
            detail: { before: { actions: row.actions }, revokedInvitations: revoked },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

/** A role counts wherever it is given, now or later: its maker must have its actions in every workspace. */
async function requireActions(
  { transaction, granter }: AccessChange,
  organizationId: string,
  wanted: readonly WorkspaceAction[],
): Promise<void> {
  const workspaceIds = await listWorkspaceIds(transaction, organizationId);
  requireGrantable(
    granter,
    workspaceIds.map((workspaceId) => ({ owner: { organizationId, workspaceId }, actions: wanted })),
  );
}

async function requireRole(queryable: Queryable, organizationId: string, id: string): Promise<OwnRoleRow> {
  const row = (await listOwnRoles(queryable, organizationId)).find((role) => role.id === id);
  if (row) return row;
  throw notFound(`role ${id}`);
}
