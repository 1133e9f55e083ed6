import type { InboxBroken, InboxDecision, InboxGate, InboxObject, InboxSoon } from '#core/rest-inbox.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import {
  listBroken,
  listDueSecrets,
  listEndingTokens,
  listFirstBroken,
  listGatesOf,
  listNewestDecisions,
  listRunsOf,
} from '#db/queries/inbox.ts';
import { listRunsById } from '#db/queries/list-runs.ts';
import { listDecisions } from '#db/queries/read-run.ts';
import type { Scoped } from '#db/scope.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { listFaults } from '../health/faults.ts';
import { loadGateEnvironments } from './gate-environments.ts';
import { toGateObject } from './gate-object.ts';
import { asksNow } from './gates-waiting.ts';
import { toInboxBroken, toInboxDecision, toInboxRun } from './inbox-object.ts';

/** Gates that are looked at, and rows a section has at most. */
const MOST_GATES = 200;
const MOST_ROWS = 50;
/** Shown where nothing waits. */
const MOST_DECISIONS = 5;
const DAY_MS = 24 * 3_600_000;

/** What needs the principal: gates to decide, what is broken now, own runs of a day, own tokens that end soon. */
export async function loadInbox(context: ApiContext, scoped: Scoped, principal: Principal): Promise<InboxObject> {
  const now = Date.now();
  const [waiting, broken, mine, soon, faults] = await Promise.all([
    loadWaiting(context, scoped, principal),
    loadBroken(scoped, principal),
    listRunsOf(scoped, principal.actor, now - DAY_MS, MOST_ROWS),
    loadSoon(scoped, principal, new Date(now + 14 * DAY_MS).toISOString()),
    principal.isOperator ? listFaults(context) : [],
  ]);
  const isQuiet = waiting.length === 0 && broken.length === 0 && faults.length === 0;
  return {
    waiting,
    faults,
    broken,
    mine: mine.map((run) => toInboxRun(run, principal)),
    soon,
    decided: isQuiet ? await loadDecided(scoped) : [],
  };
}

/** Gates that ask now and that the caller may decide, with their runs. */
async function loadWaiting(context: ApiContext, scoped: Scoped, principal: Principal): Promise<InboxGate[]> {
  const workspaces = principal.organizations.flatMap((organization) =>
    organization.workspaces.filter(({ actions }) => actions.has('gate:decide')).map(({ id }) => id),
  );
  const gates = (await listGatesOf(scoped, workspaces, MOST_GATES)).filter(asksNow);
  if (gates.length === 0) return [];
  const [runs, decisions] = await Promise.all([
    mapRuns(
      scoped,
      gates.map((gate) => gate.runId),
    ),
    listDecisions(
      scoped,
      gates.map((gate) => gate.id),
    ),
  ]);
  const found = gates.map(async (row): Promise<InboxGate[]> => {
    const run = runs.get(row.runId);
    if (!run || run.statusKind === 'ended') return [];
    const gate = toGateObject(row, run, decisions, principal);
    if (gate.can.approve !== true) return [];
    // What waits is worth more than where it leads to, should the store be away.
    const environments = await loadGateEnvironments(context, run.plan).catch(() => null);
    return [{ gate, run: toInboxRun(run, principal), environment: environments?.get(gate.name) ?? null }];
  });
  return (await Promise.all(found)).flat();
}

/** Broken pipelines with the run that each is broken since. */
async function loadBroken(scoped: Scoped, principal: Principal): Promise<InboxBroken[]> {
  const rows = await listBroken(scoped, MOST_ROWS);
  if (rows.length === 0) return [];
  const first = await listFirstBroken(
    scoped,
    rows.map((row) => row.pipelineId),
  );
  const runs = await mapRuns(
    scoped,
    first.map(({ id }) => id),
  );
  const byPipeline = new Map(first.map((row) => [row.pipelineId, row]));
  return rows.map((row) => toInboxBroken(row, byPipeline.get(row.pipelineId), runs, principal));
}

/** Own tokens, and secrets that the principal may write. */
async function loadSoon(scoped: Scoped, principal: Principal, before: string): Promise<InboxSoon[]> {
  const { organizations, userId, sessionId } = principal;
  const places = {
    workspaceIds: organizations.flatMap(({ workspaces }) =>
      workspaces.filter(({ actions }) => actions.has('secret:write')).map(({ id }) => id),
    ),
    organizationIds: organizations.filter(({ actions }) => actions.has('organization:secrets')).map(({ id }) => id),
  };
  const [tokens, secrets] = await Promise.all([
    userId === null || sessionId === null ? [] : listEndingTokens(scoped, userId, before),
    listDueSecrets(scoped, places, before),
  ]);
  return [
    ...tokens.map((token): InboxSoon => ({ kind: 'token', organization: null, workspace: null, ...token })),
    ...secrets.map((secret): InboxSoon => ({ kind: 'secret', ...secret })),
  ].toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
}

async function loadDecided(scoped: Scoped): Promise<InboxDecision[]> {
  const decisions = await listNewestDecisions(scoped, MOST_DECISIONS);
  if (decisions.length === 0) return [];
  const runs = await mapRuns(
    scoped,
    decisions.map(({ runId }) => runId),
  );
  return decisions.flatMap((row) => toInboxDecision(row, runs));
}

async function mapRuns(scoped: Scoped, ids: readonly string[]): Promise<Map<string, RunWithNames>> {
  return new Map((await listRunsById(scoped, [...new Set(ids)])).map((run) => [run.id, run]));
}
