import type { GateObject, StageObject } from '#core/rest.ts';

/**
 * Stages as people see them: one whose gate asks waits for a decision, though of its needs it has none left to wait for.
 */
export function showGates(stages: readonly StageObject[], gates: readonly GateObject[]): readonly StageObject[] {
  const asking = new Map(
    gates.flatMap(({ name, status }) =>
      status.kind === 'waiting' && status.reason.code !== 'not-open' ? [[name, status] as const] : [],
    ),
  );
  if (asking.size === 0) return stages;
  return stages.map((stage) => {
    const status = asking.get(stage.name);
    return status && stage.status.kind === 'waiting' ? { ...stage, status, reason: null } : stage;
  });
}
