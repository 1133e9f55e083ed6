import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { Queryable } from '#db/client.ts';
import {
  changeWorkspace,
  deleteWorkspaces,
  insertWorkspace,
  listWorkspaceDetails,
  lockWorkspaces,
  type WorkspaceDetailRow,
} from '#db/queries/workspaces.ts';
import { requireAction } from '../access/authorize.ts';
import { scopeOfPrincipal } from '../access/principal.ts';
import { requireOwner, requireWorkspace } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { toWorkspaceObject } from '../objects/workspace-object.ts';
import { changeAccess } from '../people/change-access.ts';
import { requireClosed, requireNamed, requireRemovable } from '../people/removal.ts';
import { withWorkspace } from '../people/with-workspace.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { workspaceNameSchema } from '../schemas/name.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { workspaceSchema } from '../schemas/workspaces.ts';

const tag = 'workspaces';

const changeSchema = z.strictObject({
  name: z.exactOptional(workspaceNameSchema),
  weight: z.exactOptional(z.int().check(z.gte(1), z.lte(1_000))),
  /** Null: as the installation has it. */
  retentionDays: z.exactOptional(z.nullable(z.int().check(z.gte(1), z.lte(3_650)))),
});

/** Workspaces: what pipelines, runs and secrets belong to. */
export function workspaceRoutes(context: ApiContext): Route[] {
  const { retention } = context.settings;
  return [
    route({
      ...{ method: 'get', path: '/workspaces', name: 'listWorkspaces', tag },
      summary: 'Lists the workspaces the caller is in.',
      access: { kind: 'signed-in' },
      query: z.strictObject({ organization: z.optional(z.string()) }),
      answers: { 200: pageOf(workspaceSchema) },
      async handle(call) {
        const { organization } = call.query;
        const rows = await listWorkspaceDetails(context.database, scopeOfPrincipal(call.principal).workspaceIds);
        const items = rows
          .filter((row) => organization === undefined || row.organization === organization)
          .map((row) => toWorkspaceObject(row, call.principal, retention));
        return call.request.json(wholePage(items));
      },
    }),
    route({
      ...{ method: 'post', path: '/workspaces', name: 'createWorkspace', tag },
      summary: 'Makes a workspace in an organization.',
      access: { kind: 'organization', action: 'workspace:create' },
      body: z.strictObject({ name: workspaceNameSchema }),
      answers: { 201: workspaceSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { name } = call.body;
        const id = createId();
        return once(context, call.request, call.body, (keep) =>
          changeAccess(context, call, owner, 'workspace:create', async ({ transaction, granter }) => {
            if (!(await insertWorkspace(transaction, { id, organizationId: owner.organizationId, name }))) {
              throw refuseTaken(name);
            }
            await recordAudit(transaction, call, {
              ...{ action: 'workspace.create', owner: { ...owner, workspaceId: id } },
              object: { kind: 'workspace', id, name },
            });
            const row = await requireRow(transaction, id);
            const headers = { Location: `/api/v1/workspaces/${id}`, ETag: etagOf(row.version) };
            const answer = answerJson(201, toWorkspaceObject(row, withWorkspace(granter, row), retention), headers);
            await keep(transaction, answer);
            return answer;
          }),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/workspaces/:workspace', name: 'getWorkspace', tag },
      summary: 'Answers a workspace by id or name.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'run:read' },
      answers: { 200: workspaceSchema },
      async handle(call) {
        const row = await requireRow(context.database, requireWorkspace(call).workspaceId);
        return call.request.json(toWorkspaceObject(row, call.principal, retention), 200, { ETag: etagOf(row.version) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/workspaces/:workspace', name: 'changeWorkspace', tag },
      summary: 'Renames a workspace, sets how long runs are kept and its share of starts.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'workspace:write' },
      body: changeSchema,
      answers: { 200: workspaceSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const object = await changeAccess(context, call, owner, 'workspace:write', async ({ transaction, granter }) => {
          const row = await requireRow(transaction, owner.workspaceId);
          requireMatch(call.request, row.version, toWorkspaceObject(row, call.principal, retention));
          const after = { ...settingsOf(row), ...call.body };
          if (after.weight !== row.weight) requireAction(granter, 'quota:write', owner);
          if (after.name !== row.name) requireRemovable(row.id, 'renamed');
          if (!(await changeWorkspace(transaction, { ...row, ...after, updatedBy: call.principal.actor })))
            throw refuseTaken(after.name);
          await recordAudit(transaction, call, {
            ...{ action: 'workspace.change', owner, object: { kind: 'workspace', id: row.id, name: row.name } },
            detail: { before: settingsOf(row), after },
          });
          return toWorkspaceObject(await requireRow(transaction, row.id), call.principal, retention);
        });
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/workspaces/:workspace', name: 'deleteWorkspace', tag },
      summary: 'Removes a workspace with all that is in it; its name confirms.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: 'workspace:write' },
      body: z.strictObject({ name: z.string() }),
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireWorkspace(call);
        await changeAccess(context, call, owner, 'workspace:write', async ({ transaction }) => {
          const row = await requireRow(transaction, owner.workspaceId);
          requireNamed(`${row.organization}/${row.name}`, call.body.name);
          requireRemovable(row.id, 'deleted');
          requireClosed(await lockWorkspaces(transaction, [row.id]));
          await deleteWorkspaces(transaction, [row.id]);
          await recordAudit(transaction, call, {
            ...{ action: 'workspace.delete', owner, object: { kind: 'workspace', id: row.id, name: row.name } },
            detail: { before: settingsOf(row) },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

function settingsOf({ name, weight, retentionDays }: WorkspaceDetailRow) {
  return { name, weight, retentionDays };
}

async function requireRow(queryable: Queryable, id: string): Promise<WorkspaceDetailRow> {
  const [row] = await listWorkspaceDetails(queryable, [id]);
  if (row) return row;
  throw notFound(`workspace ${id}`);
}

function refuseTaken(name: string): ProblemError {
  return new ProblemError(409, 'name-taken', `there is a workspace ${name} already`, { hint: 'choose another name' });
}
