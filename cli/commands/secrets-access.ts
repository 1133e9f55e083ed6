import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printList } from '../output/list.ts';
import { ACCESS_COLUMNS } from '../secret/columns.ts';
import { readScope, requireSecret } from '../secret/find-secret.ts';

/** `buildit secrets access KEY` */
export const handle: Handler<Commands['secrets access']> = async (call) => {
  const { api, place } = await openSession(call);
  const secret = await requireSecret(api(), workspaceOf(place), call.words[0] ?? '', readScope(call.options));
  await printList(call, {
    readPage: (query) => api().listSecretAccesses(secret.id, query),
    columns: ACCESS_COLUMNS,
    nameOf: ({ run, stage }) => `${run ?? ''} ${stage}`.trim(),
    empty: `No stage has asked for ${secret.name} yet.`,
  });
  return EXIT.done;
};
