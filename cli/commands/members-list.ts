import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { MEMBER_COLUMNS } from '../people/columns.ts';

/** `buildit members list` */
export const handle: Handler<Commands['members list']> = async (call) => {
  const { api, place } = await openSession(call);
  await printList(call, {
    readPage: (query) => api().listMembers({ ...query, organization: organizationOf(place) }),
    columns: MEMBER_COLUMNS,
    nameOf: ({ user }) => user.name,
    empty: 'No member yet. Next: buildit members invite EMAIL',
  });
  return EXIT.done;
};
