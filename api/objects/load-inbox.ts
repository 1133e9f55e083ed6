import type { InboxObject } from '#core/rest-inbox.ts';
import { listBroken, listEndingTokens, listGatesOf, listRunsOf } from '#db/queries/inbox.ts';
import { listRunsById } from '#db/queries/list-runs.ts';
import { listDecisions } from '#db/queries/read-run.ts';
import type { Scoped } from '#db/scope.ts';
import type { Principal } from '../access/principal.ts';
import { toGateObject } from './gate-object.ts';
import { asksNow } from './gates-waiting.ts';
import { toInboxRun } from './inbox-object.ts';

/** Gates that are looked at, and rows a section has at most. */
const MOST_GATES = 200;
const MOST_ROWS = 50;
const DAY_MS = 24 * 3_600_000;

/** What needs the principal: gates to decide, what is broken now, own runs of a day, own tokens that end soon. */
export async function loadInbox(scoped: Scoped, principal: Principal): Promise<InboxObject> {
  const now = Date.now();
  const [waiting, broken, mine, soon] = await Promise.all([
    loadWaiting(scoped, principal),
    listBroken(scoped, MOST_ROWS),
    listRunsOf(scoped, principal.actor, now - DAY_MS, MOST_ROWS),
    principal.userId === null || principal.sessionId === null
      ? []
      : listEndingTokens(scoped, principal.userId, new Date(now + 14 * DAY_MS).toISOString()),
  ]);
  return {
    waiting,
    broken: broken.map(toInboxRun),
    mine: mine.map(toInboxRun),
    soon: soon.map((token) => ({ kind: 'token', ...token })),
  };
}

/** Gates that ask now and that the caller may decide, with their runs. */
async function loadWaiting(scoped: Scoped, principal: Principal): Promise<InboxObject['waiting']> {
  const workspaces = principal.organizations.flatMap((organization) =>
    organization.workspaces.filter(({ actions }) => actions.has('gate:decide')).map(({ id }) => id),
  );
  const gates = (await listGatesOf(scoped, workspaces, MOST_GATES)).filter(asksNow);
  if (gates.length === 0) return [];
  const [runs, decisions] = await Promise.all([
    listRunsById(scoped, [...new Set(gates.map((gate) => gate.runId))]),
    listDecisions(
      scoped,
      gates.map((gate) => gate.id),
    ),
  ]);
  const byId = new Map(runs.map((run) => [run.id, run]));
  return gates.flatMap((row) => {
    const run = byId.get(row.runId);
    if (!run || run.statusKind === 'ended') return [];
    const gate = toGateObject(row, run, decisions, principal);
    return gate.can.approve === true ? [{ gate, run: toInboxRun(run) }] : [];
  });
}
