import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import type { Queryable } from '#db/client.ts';
import { findRun, type RunWithNames } from '#db/queries/find-run.ts';
import { listAskingGates, listAttempts, listDecisions, listGates, listStages } from '#db/queries/read-run.ts';
import { notFound } from '../problem.ts';
import { toGateObject } from './gate-object.ts';
import { findGatesWaiting } from './gates-waiting.ts';
import { toRunObject } from './run-object.ts';
import { joinAttempts } from './stage-object.ts';

/** The run's row by any reference; 404 when there is none. */
export async function requireRun(queryable: Queryable, reference: string): Promise<RunWithNames> {
  const row = await findRun(queryable, reference);
  if (!row) throw notFound(`run ${reference}`);
  return row;
}

export async function loadRunObject(queryable: Queryable, row: RunWithNames): Promise<RunObject> {
  const [object] = await loadRunObjects(queryable, [row]);
  if (!object) throw new Error('a row gives an object');
  return object;
}

/** One query for all gates that ask; stages are read of those runs alone that have one. */
export async function loadRunObjects(queryable: Queryable, rows: readonly RunWithNames[]): Promise<RunObject[]> {
  const open = rows.filter((row) => row.statusKind !== 'ended').map((row) => row.id);
  const gates = open.length > 0 ? await listAskingGates(queryable, open) : [];
  const byRun = Map.groupBy(gates, (gate) => gate.runId);
  const load = async (row: RunWithNames) => {
    const asking = byRun.get(row.id);
    if (!asking) return toRunObject(row, []);
    return toRunObject(row, findGatesWaiting(row, await listStages(queryable, row.id), asking));
  };
  return Promise.all(rows.map(load));
}

/** With `after`, those alone that changed later. */
export async function loadStageObjects(queryable: Queryable, runId: string, after = 0): Promise<StageObject[]> {
  const stages = await listStages(queryable, runId, after);
  if (stages.length === 0) return [];
  const names = after === 0 ? null : stages.map((stage) => stage.name);
  return joinAttempts(stages, await listAttempts(queryable, runId, names));
}

/** With `after`, those alone that changed later. */
export async function loadGateObjects(
  queryable: Queryable,
  run: { id: string; planDigest: string },
  after = 0,
): Promise<GateObject[]> {
  const gates = await listGates(queryable, run.id, after);
  if (gates.length === 0) return [];
  const decisions = await listDecisions(
    queryable,
    gates.map((gate) => gate.id),
  );
  return gates.map((gate) => toGateObject(gate, run.planDigest, decisions));
}
