import type { GraphStage } from './graph-stage.ts';

/** The stages that decided how long a run took, first to last. */
export interface CriticalPath {
  stages: { name: string; durationMs: number; share: number }[];
  /** From the start of the first to the end of the last, ms. */
  spanMs: number;
}

interface Timed {
  stage: GraphStage;
  from: number;
  to: number;
}

/**
 * From the stage that ended last, back through the need that ended last (UI §6). What runs counts to `now`, ms; what
 * never executed is looked through, as a gate, whose wait belongs to no stage.
 */
export function findCriticalPath(stages: readonly GraphStage[], now: number): CriticalPath {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const executed = stages.flatMap((stage) => timed(stage, now) ?? []);
  const path: Timed[] = [];
  for (let at = latest(executed); at; at = latest(findNeeds(at.stage))) path.unshift(at);
  const [first, last] = [path[0], path.at(-1)];
  const spanMs = first && last ? last.to - first.from : 0;
  return {
    spanMs,
    stages: path.map(({ stage, from, to }) => ({
      name: stage.name,
      durationMs: to - from,
      share: spanMs > 0 ? (to - from) / spanMs : 0,
    })),
  };

  /** Needs that executed; of those that did not, theirs. */
  function findNeeds(stage: GraphStage, seen = new Set<string>()): Timed[] {
    return stage.needs.flatMap(({ to }) => {
      const need = byName.get(to);
      if (!need || seen.has(to)) return [];
      seen.add(to);
      return timed(need, now) ?? findNeeds(need, seen);
    });
  }
}

function timed(stage: GraphStage, now: number): Timed | null {
  if (stage.startedAt === null || stage.kind === 'gate') return null;
  const from = Date.parse(stage.startedAt);
  return { stage, from, to: Math.max(from, stage.endedAt === null ? now : Date.parse(stage.endedAt)) };
}

/** The one that ended last; of equals the first in the file. */
function latest(list: readonly Timed[]): Timed | undefined {
  return list.reduce<Timed | undefined>((best, one) => (best && best.to >= one.to ? best : one), undefined);
}
