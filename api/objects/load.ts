import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { findRun, type RunWithNames } from '#db/queries/find-run.ts';
import { listAskingGates, listAttempts, listDecisions, listGates, listStages } from '#db/queries/read-run.ts';
import type { Scoped } from '#db/scope.ts';
import type { Principal } from '../access/principal.ts';
import { notFound } from '../problem.ts';
import { toGateObject } from './gate-object.ts';
import { findGatesWaiting } from './gates-waiting.ts';
import { toRunObject } from './run-object.ts';
import { showChildren } from './show-children.ts';
import { showPlaces } from './show-places.ts';
import { joinAttempts } from './stage-object.ts';

/** The run's row by any reference; 404 when there is none. */
export async function requireRun(scoped: Scoped, reference: string): Promise<RunWithNames> {
  const row = await findRun(scoped, reference);
  if (!row) throw notFound(`run ${reference}`);
  return row;
}

export async function loadRunObject(scoped: Scoped, row: RunWithNames, principal: Principal): Promise<RunObject> {
  const [object] = await loadRunObjects(scoped, [row], principal);
  if (!object) throw new Error('a row gives an object');
  return object;
}

/** One query for all gates that ask; stages are read of those runs alone that have one. */
export async function loadRunObjects(
  scoped: Scoped,
  rows: readonly RunWithNames[],
  principal: Principal,
): Promise<RunObject[]> {
  const open = rows.filter((row) => row.statusKind !== 'ended').map((row) => row.id);
  const gates = open.length > 0 ? await listAskingGates(scoped, open) : [];
  const byRun = Map.groupBy(gates, (gate) => gate.runId);
  const load = async (row: RunWithNames) => {
    const asking = byRun.get(row.id);
    if (!asking) return toRunObject(row, [], principal);
    return toRunObject(row, findGatesWaiting(row, await listStages(scoped, row.id), asking), principal);
  };
  return Promise.all(rows.map(load));
}

/** With `after`, those alone that changed later. */
export async function loadStageObjects(scoped: Scoped, runId: string, after = 0): Promise<StageObject[]> {
  const stages = await listStages(scoped, runId, after);
  if (stages.length === 0) return [];
  const names = after === 0 ? null : stages.map((stage) => stage.name);
  const objects = joinAttempts(stages, await listAttempts(scoped, runId, names));
  return showPlaces(scoped, runId, await showChildren(scoped, runId, objects));
}

/** With `after`, those alone that changed later. */
export async function loadGateObjects(
  scoped: Scoped,
  run: Pick<RunWithNames, 'id' | 'planDigest' | 'startedBy' | 'organizationId' | 'workspaceId'>,
  principal: Principal,
  after = 0,
): Promise<GateObject[]> {
  const gates = await listGates(scoped, run.id, after);
  if (gates.length === 0) return [];
  const decisions = await listDecisions(
    scoped,
    gates.map((gate) => gate.id),
  );
  return gates.map((gate) => toGateObject(gate, run, decisions, principal));
}
