import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { ENVIRONMENT_COLUMNS } from '../environment/columns.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';

/** `buildit environments show NAME` */
export const handle: Handler<Commands['environments show']> = async (call) => {
  const { api, place } = await openSession(call);
  const environment = await api().getEnvironment(call.words[0] ?? '', workspaceOf(place));
  await printObject(call, environment, { columns: ENVIRONMENT_COLUMNS, nameOf: ({ name }) => name });
  return EXIT.done;
};
