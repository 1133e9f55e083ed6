import type { StageObject } from '#core/rest.ts';
import type { CriticalPath } from '../../../graph/critical-path.ts';
import { WORST_FIRST } from '../../../ui/state.ts';
import { measureStage, stateOfStage } from '../stage/stage-words.ts';

export const SORTS = ['file', 'stage', 'state', 'start', 'queue', 'run', 'attempts', 'critical'] as const;
export type Sort = (typeof SORTS)[number];

/** A stage with all that the graph and the timeline show of it. */
export interface TableRow {
  stage: StageObject;
  dependents: string[];
  startedAt: string | null;
  /** From the last wait's end to its start, ms; null where it is not known. */
  queueMs: number | null;
  runMs: number | null;
  /** Share of the critical path, 0 to 1; null off it. */
  share: number | null;
}

export function listTableRows(
  stages: readonly StageObject[],
  queuedAt: ReadonlyMap<string, string>,
  critical: CriticalPath,
  now: number,
): TableRow[] {
  const dependents = new Map<string, string[]>();
  for (const { name, needs } of stages) {
    for (const { to } of needs) dependents.set(to, [...(dependents.get(to) ?? []), name]);
  }
  const shares = new Map(critical.stages.map(({ name, share }) => [name, share]));
  return stages.map((stage): TableRow => {
    const startedAt = stage.attempts[0]?.startedAt ?? null;
    const queued = queuedAt.get(stage.name);
    return {
      stage,
      dependents: dependents.get(stage.name) ?? [],
      startedAt,
      queueMs: queued && startedAt ? Math.max(0, Date.parse(startedAt) - Date.parse(queued)) : null,
      runMs: measureStage(stage, now),
      share: shares.get(stage.name) ?? null,
    };
  });
}

/** Rows in order; what has no value stands last either way. */
export function sortRows(rows: readonly TableRow[], sort: Sort, isDescending: boolean, now: number): TableRow[] {
  const valueOf = (row: TableRow): number | string | null => {
    switch (sort) {
      case 'file':
        return row.stage.position;
      case 'stage':
        return row.stage.name;
      case 'state':
        return WORST_FIRST.indexOf(stateOfStage(row.stage, now));
      case 'start':
        return row.startedAt;
      case 'queue':
        return row.queueMs;
      case 'run':
        return row.runMs;
      case 'attempts':
        return row.stage.attempts.length;
      case 'critical':
        return row.share;
      default:
        return sort satisfies never;
    }
  };
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const [one, other] = [valueOf(left), valueOf(right)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (one === other) return left.stage.position - right.stage.position;
    return one < other ? -sign : sign;
  });
}
