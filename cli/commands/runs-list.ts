import type { RunObject } from '#core/rest.ts';
import type { Handler } from '../call.ts';
import { openSession } from '../engine/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printRuns } from '../run/run-columns.ts';

/** The API gives at most so many a page. */
const PAGE = 200;

/** `buildit runs list`: newest first, up to `--limit`, or `--all`. */
export const handle: Handler<Commands['runs list']> = async (call) => {
  const api = (await openSession(call)).api();
  const runs: RunObject[] = [];
  let cursor: string | null = null;
  let hasMore = false;
  do {
    const limit = call.limit === null ? PAGE : Math.min(PAGE, call.limit - runs.length);
    const page: Awaited<ReturnType<typeof api.listRuns>> = await api.listRuns({ limit, cursor });
    runs.push(...page.items);
    cursor = page.next;
    hasMore = cursor !== null;
  } while (hasMore && (call.limit === null || runs.length < call.limit));
  if (runs.length === 0) call.screen.say('No run yet. Next: buildit run FILE\n');
  if (runs.length > 0 || call.format !== 'table') await printRuns(call, runs, true);
  if (hasMore) call.screen.say(`There are more: --limit ${runs.length * 2} or --all\n`);
  return EXIT.done;
};
