import type { GateObject, StageObject } from '#core/rest.ts';
import { listFailures } from './failure/list-failures.ts';

/** The stage that is looked at first: the one of the address, else what failed first, waits for a decision, runs, else the last that ran. */
export function chooseStage(
  stages: readonly StageObject[],
  gates: readonly GateObject[],
  wanted: string | null,
): StageObject | null {
  const find = (name: string | undefined) => stages.find((stage) => stage.name === name) ?? null;
  if (wanted !== null) return find(wanted);
  const ordered = stages.toSorted((left, right) => left.position - right.position);
  const asking = gates.find(({ status }) => status.kind === 'waiting' && status.reason.code === 'gate');
  return (
    listFailures(stages)[0]?.stage ??
    find(asking?.name) ??
    ordered.find(({ status }) => status.kind === 'running') ??
    ordered.findLast(({ attempts }) => attempts.length > 0) ??
    ordered[0] ??
    null
  );
}
