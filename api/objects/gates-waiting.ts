import type { GateRow, RunRow, StageRow } from '#db/rows.ts';

/**
 * Names of the gates that alone can move the run: some ask for a decision, and nothing executes, is queued, waits for a
 * retry, or has all it waits for and so is about to start. A command that cannot ask ends on this (exit 6), so it must
 * not be said in the moment between the end of a stage and the start of the next.
 */
export function findGatesWaiting(
  run: Pick<RunRow, 'statusKind'>,
  stages: readonly StageRow[],
  gates: readonly GateRow[],
): string[] {
  // While a run is paused a decision alone moves nothing.
  if (run.statusKind === 'ended' || run.statusKind === 'paused') return [];
  const asking = gates.filter((gate) => gate.statusKind === 'waiting' && gate.openedAt !== null && asksNow(gate));
  if (asking.length === 0) return [];
  const names = new Set(asking.map((gate) => gate.name));
  const ended = new Set(stages.filter((stage) => stage.statusKind === 'ended').map((stage) => stage.name));
  const isMoving = stages.some((stage) => !ended.has(stage.name) && !names.has(stage.name) && canMove(stage, ended));
  return isMoving ? [] : asking.map((gate) => gate.name);
}

/** An approved gate may still wait for its window: that needs no decision. */
export function asksNow(gate: GateRow): boolean {
  return gate.status.kind === 'waiting' && gate.status.reason.code === 'gate';
}

function canMove(stage: StageRow, ended: ReadonlySet<string>): boolean {
  if (stage.status.kind !== 'waiting' || stage.status.reason.code === 'retry') return true;
  // Without needs, a stage that looks at failures waits for all of the run.
  if (stage.needs.length === 0) return stage.runOn === 'success';
  return stage.needs.every((edge) => ended.has(edge.to));
}
