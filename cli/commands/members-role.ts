import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { MEMBER_COLUMNS } from '../people/columns.ts';
import { nameMember, readRole } from '../people/read-role.ts';

/** `buildit members role NAME ROLE` */
export const handle: Handler<Commands['members role']> = async (call) => {
  const [name = '', role = ''] = call.words;
  const wanted = readRole(role);
  const { api, place } = await openSession(call);
  const member = await api().changeMember(nameMember(organizationOf(place), name), wanted);
  call.screen.say(`${member.user.name} is ${member.role} of ${member.organization}.\n`);
  if (call.format !== 'table') {
    await printObject(call, member, { columns: MEMBER_COLUMNS, nameOf: ({ user }) => user.name });
  }
  return EXIT.done;
};
