import { isId } from '../id.ts';
import type { ArtifactRow, AttemptRow, DecisionRow, GateRow, StageRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** The nodes of a run in the order of its file; with `after` those alone that changed later. */
export function listStages(scoped: Scoped, runId: string, after = 0): Promise<StageRow[]> {
  return scoped<StageRow[]>`
    SELECT * FROM stages WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} AND seq > ${after} ORDER BY position`;
}

export async function findStage(scoped: Scoped, runId: string, name: string): Promise<StageRow | null> {
  const [row] = await scoped<StageRow[]>`
    SELECT * FROM stages WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} AND name = ${name}`;
  return row ?? null;
}

/** Attempts of the named stages, oldest first; of all stages with `null`. */
export function listAttempts(scoped: Scoped, runId: string, names: readonly string[] | null): Promise<AttemptRow[]> {
  return scoped<AttemptRow[]>`
    SELECT * FROM attempts WHERE run_id = ${runId} AND ${inWorkspaces(scoped)}
      ${names === null ? scoped`` : scoped`AND stage IN ${scoped(['', ...names])}`}
    ORDER BY stage, attempt`;
}

export async function findAttempt(
  scoped: Scoped,
  key: { runId: string; stage: string; attempt: number },
): Promise<AttemptRow | null> {
  const [row] = await scoped<AttemptRow[]>`
    SELECT * FROM attempts
    WHERE run_id = ${key.runId} AND ${inWorkspaces(scoped)} AND stage = ${key.stage} AND attempt = ${key.attempt}`;
  return row ?? null;
}

export function listGates(scoped: Scoped, runId: string, after = 0): Promise<GateRow[]> {
  return scoped<GateRow[]>`
    SELECT * FROM gates WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} AND seq > ${after}
    ORDER BY created_at, name`;
}

/** Gates that ask for a decision now, of any of the runs. */
export function listAskingGates(scoped: Scoped, runIds: readonly string[]): Promise<GateRow[]> {
  return scoped<GateRow[]>`
    SELECT * FROM gates
    WHERE run_id IN ${scoped([...runIds])} AND ${inWorkspaces(scoped)}
      AND status_kind = 'waiting' AND opened_at IS NOT NULL
    ORDER BY created_at, name`;
}

export async function findGate(scoped: Scoped, id: string): Promise<GateRow | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<GateRow[]>`SELECT * FROM gates WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}

/** In the order in which they were made. */
export function listDecisions(scoped: Scoped, gateIds: readonly string[]): Promise<DecisionRow[]> {
  return scoped<DecisionRow[]>`
    SELECT * FROM decisions WHERE gate_id::text IN ${scoped(['', ...gateIds])} AND ${inWorkspaces(scoped)}
    ORDER BY at, id`;
}

export function listArtifacts(scoped: Scoped, runId: string): Promise<ArtifactRow[]> {
  return scoped<ArtifactRow[]>`
    SELECT * FROM artifacts WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} ORDER BY created_at, id`;
}

export async function findArtifact(scoped: Scoped, id: string): Promise<ArtifactRow | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<ArtifactRow[]>`SELECT * FROM artifacts WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
  return row ?? null;
}
