import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { ENVIRONMENT_COLUMNS } from '../environment/columns.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printWhole } from '../output/list.ts';

/** `buildit environments list` */
export const handle: Handler<Commands['environments list']> = async (call) => {
  const { api, place } = await openSession(call);
  await printWhole(call, await api().listEnvironments(workspaceOf(place)), {
    columns: ENVIRONMENT_COLUMNS,
    nameOf: ({ name }) => name,
    empty: 'No environment yet. Next: buildit help environments',
  });
  return EXIT.done;
};
