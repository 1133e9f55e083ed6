import type { Queryable } from '../client.ts';
import { isId } from '../id.ts';
import type { ArtifactRow, AttemptRow, DecisionRow, GateRow, StageRow } from '../rows.ts';

/** The nodes of a run in the order of its file; with `after` those alone that changed later. */
export function listStages(queryable: Queryable, runId: string, after = 0): Promise<StageRow[]> {
  return queryable<StageRow[]>`SELECT * FROM stages WHERE run_id = ${runId} AND seq > ${after} ORDER BY position`;
}

export async function findStage(queryable: Queryable, runId: string, name: string): Promise<StageRow | null> {
  const [row] = await queryable<StageRow[]>`SELECT * FROM stages WHERE run_id = ${runId} AND name = ${name}`;
  return row ?? null;
}

/** Attempts of the named stages, oldest first; of all stages with `null`. */
export function listAttempts(
  queryable: Queryable,
  runId: string,
  names: readonly string[] | null,
): Promise<AttemptRow[]> {
  return names === null
    ? queryable<AttemptRow[]>`SELECT * FROM attempts WHERE run_id = ${runId} ORDER BY stage, attempt`
    : queryable<AttemptRow[]>`
        SELECT * FROM attempts WHERE run_id = ${runId} AND stage IN ${queryable(['', ...names])}
        ORDER BY stage, attempt`;
}

export async function findAttempt(
  queryable: Queryable,
  key: { runId: string; stage: string; attempt: number },
): Promise<AttemptRow | null> {
  const [row] = await queryable<AttemptRow[]>`
    SELECT * FROM attempts WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt}`;
  return row ?? null;
}

export function listGates(queryable: Queryable, runId: string, after = 0): Promise<GateRow[]> {
  return queryable<GateRow[]>`SELECT * FROM gates WHERE run_id = ${runId} AND seq > ${after} ORDER BY created_at, name`;
}

/** Gates that ask for a decision now, of any of the runs. */
export function listAskingGates(queryable: Queryable, runIds: readonly string[]): Promise<GateRow[]> {
  return queryable<GateRow[]>`
    SELECT * FROM gates
    WHERE run_id IN ${queryable([...runIds])} AND status_kind = 'waiting' AND opened_at IS NOT NULL
    ORDER BY created_at, name`;
}

export async function findGate(queryable: Queryable, id: string): Promise<GateRow | null> {
  if (!isId(id)) return null;
  const [row] = await queryable<GateRow[]>`SELECT * FROM gates WHERE id = ${id}`;
  return row ?? null;
}

/** In the order in which they were made. */
export function listDecisions(queryable: Queryable, gateIds: readonly string[]): Promise<DecisionRow[]> {
  return queryable<DecisionRow[]>`
    SELECT * FROM decisions WHERE gate_id::text IN ${queryable(['', ...gateIds])} ORDER BY at, id`;
}

export function listArtifacts(queryable: Queryable, runId: string): Promise<ArtifactRow[]> {
  return queryable<ArtifactRow[]>`SELECT * FROM artifacts WHERE run_id = ${runId} ORDER BY created_at, id`;
}

export async function findArtifact(queryable: Queryable, id: string): Promise<ArtifactRow | null> {
  if (!isId(id)) return null;
  const [row] = await queryable<ArtifactRow[]>`SELECT * FROM artifacts WHERE id = ${id}`;
  return row ?? null;
}
