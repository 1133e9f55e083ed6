import { findMember } from '#db/queries/members.ts';
import { deleteTeamMember, findTeam, insertTeamMember } from '#db/queries/teams.ts';
import { requireOwner } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { changeAccess, type AccessChange } from '../people/change-access.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { requireTeamGrantable } from './teams.ts';

const tag = 'people';
const PATH = '/teams/:team/members/:user';
const access = { kind: 'object', object: 'team', param: 'team', action: 'organization:members' } as const;

/** Who is in a team. Saying it twice changes nothing. */
export function teamMemberRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'put', path: PATH, name: 'addTeamMember', tag, access },
      summary: 'Puts a member of the organization into a team.',
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { team, member } = await findBoth(change, owner.organizationId, call.params);
          await requireTeamGrantable(change, owner.organizationId, team.id);
          if (!(await insertTeamMember(change.transaction, team.id, member.userId))) return;
          const object = { kind: 'team', id: team.id, name: team.name };
          const detail = { member: member.name };
          await recordAudit(change.transaction, call, { action: 'team.add-member', owner, object, detail });
        });
        return call.request.body(null, 204);
      },
    }),
    route({
      ...{ method: 'delete', path: PATH, name: 'removeTeamMember', tag, access },
      summary: 'Takes somebody out of a team.',
      answers: { 204: 'none' },
      async handle(call) {
        const owner = requireOwner(call);
        await changeAccess(context, call, owner, 'organization:members', async (change) => {
          const { team, member } = await findBoth(change, owner.organizationId, call.params);
          if (!(await deleteTeamMember(change.transaction, team.id, member.userId))) return;
          const object = { kind: 'team', id: team.id, name: team.name };
          const detail = { member: member.name };
          await recordAudit(change.transaction, call, { action: 'team.remove-member', owner, object, detail });
        });
        return call.request.body(null, 204);
      },
    }),
  ];
}

async function findBoth({ transaction }: AccessChange, organizationId: string, params: { team: string; user: string }) {
  const team = await findTeam(transaction, organizationId, { id: params.team });
  if (!team) throw notFound(`team ${params.team}`);
  const member = await findMember(transaction, organizationId, { name: params.user });
  if (!member) throw notFound(`member ${params.user}`);
  return { team, member };
}
