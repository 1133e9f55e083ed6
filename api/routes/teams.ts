import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import { listTeamBindings } from '#db/queries/bindings.ts';
import { changeTeam, deleteTeam, findTeam, insertTeam, listTeams, type TeamRow } from '#db/queries/teams.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { toTeamObject } from '../objects/people-objects.ts';
import { readPage } from '../page.ts';
import { changeAccess, type AccessChange } from '../people/change-access.ts';
import { actionsOfBinding, requireGrantable } from '../people/granting.ts';
import { requireFlat } from '../people/nesting.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { teamSchema } from '../schemas/members.ts';
import { nameSchema } from '../schemas/name.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';

const tag = 'people';
const parent = z.nullable(z.string());

/** Teams, and the teams they are part of; who is in them is in team-members.ts. */
export function teamRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/teams', name: 'listTeams', tag },
      summary: 'Lists the teams of an organization, newest first.',
      access: { kind: 'organization', action: 'organization:read' },
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(teamSchema) },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const page = await readPage(
          call.query,
          { organizationId },
          (from, limit) => listTeams(context.database, organizationId, from, limit),
          (row) => toTeamObject(row, call.principal),
        );
        return call.request.json(page);
      },
    }),
    route({
      ...{ method: 'post', path: '/teams', name: 'createTeam', tag },
      summary: 'Makes a team, by the name that gates use.',
      access: { kind: 'organization', action: 'organization:members' },
      body: z.strictObject({ name: nameSchema, parent: z.exactOptional(parent) }),
      answers: { 201: teamSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { name } = call.body;
        return once(context, call.request, call.body, (keep) =>
          changeAccess(context, call, owner, 'organization:members', async (change) => {
            const { transaction } = change;
            const above = await findParent(change, owner.organizationId, call.body.parent ?? null);
            const id = createId();
            const team = { id, organizationId: owner.organizationId, name, parentId: above?.id ?? null };
            if (!(await insertTeam(transaction, team))) throw refuseTaken(name);
            await requireFlat(transaction, id, above?.id ?? null);
            await recordAudit(transaction, call, {
              ...{ action: 'team.create', owner, object: { kind: 'team', id, name } },
              detail: { after: { name, parent: above?.name ?? null } },
            });
            const row = await requireTeam(transaction, owner.organizationId, id);
            const answer = answerJson(201, toTeamObject(row, call.principal), {
              ...{ Location: `/api/v1/teams/${id}`, ETag: etagOf(row.version) },
            });
            await keep(transaction, answer);
            return answer;
          }),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/teams/:team', name: 'getTeam', tag },
      summary: 'Answers a team by id or name.',
      access: { kind: 'object', object: 'team', param: 'team', action: 'organization:read' },
      answers: { 200: teamSchema },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const row = await requireTeam(context.database, organizationId, call.params.team);
        return call.request.json(toTeamObject(row, call.principal), 200, { ETag: etagOf(row.version) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/teams/:team', name: 'changeTeam', tag },
      summary: 'Renames a team, or makes it part of another.',
      access: { kind: 'object', object: 'team', param: 'team', action: 'organization:members' },
      body: z.strictObject({ name: z.exactOptional(nameSchema), parent: z.exactOptional(parent) }),
      answers: { 200: teamSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const { body } = call;
        const object = await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { transaction } = change;
          const row = await requireTeam(transaction, owner.organizationId, call.params.team);
          requireMatch(call.request, row.version, toTeamObject(row, call.principal));
          const name = body.name ?? row.name;
          const taken = await findTeam(transaction, owner.organizationId, { name });
          if (taken && taken.id !== row.id) throw refuseTaken(name);
          const parentName = body.parent === undefined ? row.parent : body.parent;
          const above = await findParent(change, owner.organizationId, parentName);
          await requireFlat(transaction, row.id, above?.id ?? null);
          await changeTeam(transaction, { id: row.id, name, parentId: above?.id ?? null });
          const after = await requireTeam(transaction, owner.organizationId, row.id);
          await recordAudit(transaction, call, {
            ...{ action: 'team.change', owner, object: { kind: 'team', id: row.id, name } },
            detail: { before: { name: row.name, parent: row.parent }, after: { name, parent: after.parent } },
          });
          return toTeamObject(after, call.principal);
        });
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/teams/:team', name: 'deleteTeam', tag },
      summary: 'Removes a team with the roles it has; refused while other teams are part of it.',
      access: { kind: 'object', object: 'team', param: 'team', action: 'organization:members' },
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:members', async ({ transaction }) => {
          const row = await requireTeam(transaction, owner.organizationId, call.params.team);
          if (row.children > 0) {
            throw new ProblemError(409, 'team-has-teams', `${row.children} teams are part of ${row.name}`, {
              hint: 'remove them first, or make them part of another team',
            });
          }
          await deleteTeam(transaction, row.id);
          await recordAudit(transaction, call, {
            ...{ action: 'team.delete', owner, object: { kind: 'team', id: row.id, name: row.name } },
            detail: { before: { parent: row.parent, members: row.members, workspaces: row.bindings } },
          });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

/** Being part of a team gives what it has: whoever nests one must have that too. */
async function findParent(change: AccessChange, organizationId: string, name: string | null): Promise<TeamRow | null> {
  if (name === null) return null;
  const row = await findTeam(change.transaction, organizationId, { name });
  if (!row) throw new ProblemError(422, 'team-unknown', `there is no team ${name}`, { hint: 'buildit teams list' });
  await requireTeamGrantable(change, organizationId, row.id);
  return row;
}

/** What a team gives to who joins it, by itself or by those above it. */
export async function requireTeamGrantable(
  { transaction, granter }: AccessChange,
  organizationId: string,
  teamId: string,
): Promise<void> {
  const bindings = await listTeamBindings(transaction, teamId);
  requireGrantable(
    granter,
    bindings.map((row) => ({
      owner: { organizationId, workspaceId: row.workspaceId },
      actions: actionsOfBinding(row),
    })),
  );
}

async function requireTeam(
  queryable: Parameters<typeof findTeam>[0],
  organizationId: string,
  id: string,
): Promise<TeamRow> {
  const row = await findTeam(queryable, organizationId, { id });
  if (row) return row;
  throw notFound(`team ${id}`);
}

function refuseTaken(name: string): ProblemError {
  return new ProblemError(409, 'name-taken', `there is a team ${name} already`, { hint: 'choose another name' });
}
