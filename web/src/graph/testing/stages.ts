import type { Ending } from '#core/ending.ts';
import type { GraphStage } from '../graph-stage.ts';
import { randomDag } from './random-dag.ts';

/** A stage that needs others and has not run. */
export function stage(name: string, needs: readonly string[] = [], more: Partial<GraphStage> = {}): GraphStage {
  return {
    ...{ kind: 'stage', name, stage: name, leg: null },
    needs: needs.map((to) => ({ to, on: 'success' })),
    ...{ status: null, attempts: 0, startedAt: null, endedAt: null },
    ...more,
  };
}

/** One that executed between two times, ms. */
export function executed(
  name: string,
  needs: readonly string[],
  [from, to]: readonly [number, number | null],
  ending: Ending = 'passed',
): GraphStage {
  const at = new Date(to ?? from).toISOString();
  return stage(name, needs, {
    status:
      to === null
        ? { kind: 'running', attempt: 1, since: at, heartbeatAt: at }
        : { kind: 'ended', ending, reason: null, at },
    attempts: 1,
    startedAt: new Date(from).toISOString(),
    endedAt: to === null ? null : at,
  });
}

export function leg(name: string, axis: string, needs: readonly string[] = []): GraphStage {
  return stage(`${name}[${axis}]`, needs, { stage: name, leg: { axis } });
}

/** {@link randomDag} as stages. */
export function randomStages(size: number): GraphStage[] {
  const { nodes, edges } = randomDag(size);
  const needs = Map.groupBy(edges, ([, to]) => to);
  return nodes.map((name) =>
    stage(
      name,
      (needs.get(name) ?? []).map(([from]) => from),
    ),
  );
}
