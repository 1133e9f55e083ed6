import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { MEMBER_COLUMNS, WORKSPACE_MEMBER_COLUMNS } from '../people/columns.ts';
import { nameMember, readRole, requireWorkspace } from '../people/read-role.ts';

/** `buildit members role NAME ROLE`: in the organization, or in a workspace, as the role is. */
export const handle: Handler<Commands['members role']> = async (call) => {
  const [name = '', written = ''] = call.words;
  const wanted = readRole(written);
  const { api, place } = await openSession(call);
  if (wanted.kind === 'workspace') {
    const workspace = await requireWorkspace(workspaceOf(place), () => api().getMe());
    const principal = /^(?:user|team):/.test(name) ? name : `user:${name}`;
    const member = await api().setWorkspaceMember(workspace, principal, wanted.role);
    call.screen.say(`${member.principal} is ${member.role} of ${member.workspace}.\n`);
    if (call.format !== 'table') {
      await printObject(call, member, { columns: WORKSPACE_MEMBER_COLUMNS, nameOf: ({ principal: who }) => who });
    }
    return EXIT.done;
  }
  const member = await api().changeMember(nameMember(organizationOf(place), name), wanted.role);
  call.screen.say(`${member.user.name} is ${member.role} of ${member.organization}.\n`);
  if (call.format !== 'table') {
    await printObject(call, member, { columns: MEMBER_COLUMNS, nameOf: ({ user }) => user.name });
  }
  return EXIT.done;
};
