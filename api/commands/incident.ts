import type { IncidentResult } from '#core/rest-workspaces.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { holdRuns, listHeld, listPausable, releaseRuns } from '#db/queries/incident-pauses.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { toProblem } from '../problem.ts';
import type { Call } from '../route.ts';
import { sendUpdate } from './send.ts';

/** Runs that one request asks at most; what is left is asked by the next. */
const MAX_RUNS = 200;
/** Runs that are asked at once. */
const AT_ONCE = 16;
/** From here on no further run is asked: each may take 5 s, and a person waits 10. */
const BEGIN_MS = 4_000;

type Commander = Pick<Call, 'data' | 'principal' | 'request'> & {
  owner: { organizationId: string; workspaceId: string };
};

/** Pauses every open run of a workspace and remembers which: those that somebody paused before stay theirs. */
export async function pauseAll(
  context: ApiContext,
  call: Commander,
  reason: string | null,
  id: string,
): Promise<IncidentResult> {
  const { data, owner, principal } = call;
  const { runs, total } = await data((scoped) => listPausable(scoped, owner.workspaceId, MAX_RUNS));
  const asked = await askEach(context, runs, (run) => ({
    ...nameUpdate(run, id, principal.actor),
    reason,
    kind: 'pause',
  }));
  await data(async (scoped) => {
    const held = asked.done.map((run) => run.id);
    await holdRuns(scoped, owner.workspaceId, held, { by: principal.actor, reason });
    await recordEach(scoped, call, 'pause', asked.done, { reason });
  });
  return summarize(asked, total);
}

/** Lets the runs go on that {@link pauseAll} has paused. One that somebody resumed before is no longer held. */
export async function resumeAll(context: ApiContext, call: Commander, id: string): Promise<IncidentResult> {
  const { data, owner, principal } = call;
  const { runs, total } = await data((scoped) => listHeld(scoped, owner.workspaceId, MAX_RUNS));
  const asked = await askEach(context, runs, (run) => ({ ...nameUpdate(run, id, principal.actor), kind: 'resume' }));
  await data(async (scoped) => {
    // What is not paused any more has nothing to be resumed from.
    const over = asked.refused.map(({ run }) => run);
    await releaseRuns(
      scoped,
      [...asked.done, ...over].map((run) => run.id),
    );
    await recordEach(scoped, call, 'resume', asked.done, {});
  });
  return summarize(asked, total);
}

/** Of each run another id, and the same for a repetition of the request. */
function nameUpdate(run: RunWithNames, id: string, by: string) {
  return { id: `${id}-${run.id}`, by };
}

type Change =
  | { kind: 'pause'; id: string; by: string; reason: string | null }
  | { kind: 'resume'; id: string; by: string };

interface Asked {
  done: RunWithNames[];
  refused: { run: RunWithNames; code: string; message: string }[];
}

async function askEach(
  context: ApiContext,
  runs: readonly RunWithNames[],
  createChange: (run: RunWithNames) => Change,
): Promise<Asked> {
  const asked: Asked = { done: [], refused: [] };
  const waiting = [...runs];
  const begun = performance.now();
  const work = async () => {
    while (performance.now() - begun < BEGIN_MS) {
      const run = waiting.shift();
      if (!run) return;
      const change = createChange(run);
      try {
        await sendUpdate(context, run, { id: change.id, name: 'changeRun', args: [change] });
        asked.done.push(run);
      } catch (thrown) {
        const { problem } = toProblem(thrown);
        if (problem.status >= 500) throw thrown;
        asked.refused.push({ run, code: problem.code, message: problem.detail });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return asked;
}

async function recordEach(
  scoped: Parameters<typeof recordAudit>[0],
  call: Commander,
  verb: 'pause' | 'resume',
  runs: readonly RunWithNames[],
  detail: Record<string, unknown>,
): Promise<void> {
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

function summarize({ done, refused }: Asked, total: number): IncidentResult {
  return {
    changed: done.length,
    left: Math.max(0, total - done.length - refused.length),
    refused: refused.map(({ run, code, message }) => ({ run: run.label, code, message })),
  };
}
