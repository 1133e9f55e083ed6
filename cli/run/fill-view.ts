import type { GateObject, StageObject } from '#core/rest.ts';
import { applyGate, applyStage, type View } from '../live/view.ts';

/** Puts what a list has said into a view, for commands that show a run as it stands. */
export function fillView(view: View, stages: readonly StageObject[], gates: readonly GateObject[]): void {
  for (const stage of stages) applyStage(view, stage);
  for (const gate of gates) applyGate(view, gate);
}
