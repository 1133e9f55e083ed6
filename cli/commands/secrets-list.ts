import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { SECRET_COLUMNS } from '../secret/columns.ts';

/** `buildit secrets list` */
export const handle: Handler<Commands['secrets list']> = async (call) => {
  const { api, place } = await openSession(call);
  await printList(call, {
    readPage: (query) => api().listSecrets({ ...query, workspace: workspaceOf(place) }),
    columns: SECRET_COLUMNS,
    nameOf: ({ name }) => name,
    empty: 'No secret yet. Next: buildit secrets set KEY',
  });
  return EXIT.done;
};
