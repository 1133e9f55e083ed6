import type { Handler } from '../call.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printWhole } from '../output/list.ts';
import { TOKEN_COLUMNS } from '../people/columns.ts';

/** `buildit tokens list`: the caller's own, and those of what they look after. */
export const handle: Handler<Commands['tokens list']> = async (call) => {
  const { api } = await openSession(call);
  await printWhole(call, await api().listTokens(), {
    columns: TOKEN_COLUMNS,
    nameOf: ({ name }) => name,
    empty: 'No token yet. Next: buildit tokens create NAME --scope run:read',
  });
  return EXIT.done;
};
