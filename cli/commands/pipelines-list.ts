import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { PIPELINE_COLUMNS } from '../pipeline/columns.ts';

/** `buildit pipelines list` */
export const handle: Handler<Commands['pipelines list']> = async (call) => {
  const { api, place } = await openSession(call);
  await printList(call, {
    readPage: (query) => api().listPipelines({ ...query, workspace: workspaceOf(place) }),
    columns: PIPELINE_COLUMNS,
    nameOf: ({ name }) => name,
    empty: 'No pipeline yet. Next: buildit pipelines create NAME FILE',
  });
  return EXIT.done;
};
