import type { IncidentResult } from '#core/rest-workspaces.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { holdRuns, listHeld, listPausable, releaseRuns } from '#db/queries/incident-pauses.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import type { Call } from '../route.ts';
import { askRuns, type Asked } from './ask-runs.ts';

/** Runs that one request asks at most; what is left is asked by the next. */
const MAX_RUNS = 200;

type Commander = Pick<Call, 'data' | 'principal' | 'request'> & {
  owner: { organizationId: string; workspaceId: string };
};

/**
 * Pauses every open run of a workspace and remembers which: those that somebody paused before stay theirs. Each is held
 * before it is asked, so that none is paused and forgotten, whatever becomes of this process in between.
 */
export async function pauseAll(
  context: ApiContext,
  call: Commander,
  reason: string | null,
  id: string,
): Promise<IncidentResult> {
  const { data, owner, principal } = call;
  const hold = { by: principal.actor, reason, writeId: id };
  const { runs, total } = await data(async (scoped) => {
    const found = await listPausable(scoped, owner.workspaceId, MAX_RUNS);
    await holdRuns(scoped, idsOf(found.runs), hold, 'asking');
    return found;
  });
  const asked = await askRuns(context, runs, (run) => ({
    ...nameUpdate(run, id, principal.actor),
    reason,
    kind: 'pause',
  }));
  await data(async (scoped) => {
    // Another request that was refused may have let them go meanwhile.
    await holdRuns(scoped, idsOf(asked.done), hold, 'paused');
    const mayBePaused = new Set([...asked.done, ...asked.faults.map(({ run }) => run)]);
    const others = runs.filter((run) => !mayBePaused.has(run));
    await releaseRuns(scoped, idsOf(others), id);
    await recordEach(scoped, call, 'pause', asked, { reason });
  });
  return summarize(asked, total);
}

/** Lets the runs go on that {@link pauseAll} has paused. One that somebody resumed before is no longer held. */
export async function resumeAll(context: ApiContext, call: Commander, id: string): Promise<IncidentResult> {
  const { data, owner, principal } = call;
  const { runs, total } = await data((scoped) => listHeld(scoped, owner.workspaceId, MAX_RUNS));
  const asked = await askRuns(context, runs, (run) => ({ ...nameUpdate(run, id, principal.actor), kind: 'resume' }));
  await data(async (scoped) => {
    // What is not paused any more has nothing to be resumed from.
    const over = asked.refused.map(({ run }) => run);
    await releaseRuns(scoped, idsOf([...asked.done, ...over]));
    await recordEach(scoped, call, 'resume', asked, {});
  });
  return summarize(asked, total);
}

function idsOf(runs: readonly RunWithNames[]): string[] {
  return runs.map(({ id }) => id);
}

/** Of each run another id, and the same for a repetition of the request. */
function nameUpdate(run: RunWithNames, id: string, by: string) {
  return { id: `${id}-${run.id}`, by };
}

async function recordEach(
  scoped: Parameters<typeof recordAudit>[0],
  call: Commander,
  verb: 'pause' | 'resume',
  { done: runs, faults }: Asked,
  detail: Record<string, unknown>,
): Promise<void> {
  // What came to nothing by a fault of ours was not done.
  if (runs.length === 0 && faults.length > 0) return;
  for (const run of runs) {
    await recordAudit(scoped, call, {
      ...{ action: `run.${verb}`, owner: call.owner, object: { kind: 'run', id: run.id, name: run.label } },
      detail: { ...detail, together: runs.length },
    });
  }
  const { workspaceId: id } = call.owner;
  const places = call.principal.organizations.flatMap(({ workspaces }) => workspaces);
  const name = places.find((place) => place.id === id)?.name ?? id;
  await recordAudit(scoped, call, {
    ...{ action: `workspace.${verb}-runs`, owner: call.owner, object: { kind: 'workspace', id, name } },
    detail: { ...detail, runs: runs.map((run) => run.label) },
  });
}

/** Throws the first fault of ours: what was done is written down by now, and the next request asks for the rest. */
function summarize({ done, refused, faults: [fault] }: Asked, total: number): IncidentResult {
  if (fault) throw fault.thrown;
  return {
    changed: done.length,
    left: Math.max(0, total - done.length - refused.length),
    refused: refused.map(({ run, code, message }) => ({ run: run.label, code, message })),
  };
}
