import type { StageObject } from '#core/rest.ts';
import type { GraphStage } from '../../../graph/graph-stage.ts';

/** A stage of a run as the graph and the table know it. */
export function toGraphStage(stage: StageObject, generatedBy?: string): GraphStage {
  const { kind, name, leg, needs, status, attempts, carriedFrom } = stage;
  // What was carried took its time in another run.
  const own = carriedFrom === null ? attempts : [];
  return {
    ...{ kind, name, stage: stage.stage, leg, needs, status },
    attempts: own.length,
    startedAt: own[0]?.startedAt ?? null,
    endedAt: own.at(-1)?.endedAt ?? null,
    ...(generatedBy === undefined ? {} : { generatedBy }),
  };
}
