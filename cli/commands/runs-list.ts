import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { RUN_COLUMNS } from '../run/run-columns.ts';

/** `buildit runs list`: newest first, up to `--limit`, or `--all`. */
export const handle: Handler<Commands['runs list']> = async (call) => {
  const { place, api } = await openSession(call);
  const workspace = workspaceOf(place);
  await printList(call, {
    readPage: (query) => api().listRuns({ ...query, workspace }),
    columns: RUN_COLUMNS,
    nameOf: ({ label }) => label,
    empty: `No run yet. Next: ${place.kind === 'local' ? 'buildit run FILE' : 'buildit trigger PIPELINE'}`,
  });
  return EXIT.done;
};
