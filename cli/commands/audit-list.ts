import type { Handler } from '../call.ts';
import { ownerOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { AUDIT_COLUMNS } from '../people/columns.ts';

/** `buildit audit list`: of the workspace in use, else of the organization. */
export const handle: Handler<Commands['audit list']> = async (call) => {
  const { api, place } = await openSession(call);
  const owner = ownerOf(place);
  await printList(call, {
    readPage: (query) => api().listAudit(owner, query),
    columns: AUDIT_COLUMNS,
    nameOf: ({ id }) => id,
    empty: 'Nothing was done yet.',
  });
  return EXIT.done;
};
