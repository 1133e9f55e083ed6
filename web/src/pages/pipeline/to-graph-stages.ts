import type { PipelineGraph } from '#core/rest-pipelines.ts';
import type { StageObject } from '#core/rest.ts';
import type { GraphStage } from '../../graph/graph-stage.ts';

interface Shape {
  nodes: readonly Pick<PipelineGraph['nodes'][number], 'kind' | 'name' | 'stage' | 'leg'>[];
  edges: readonly { from: string; to: string; on: string }[];
}

/** The nodes of a text; what a run says of a node of the same name stands with it. */
export function toGraphStages(
  { nodes, edges }: Shape,
  ran: readonly StageObject[],
  usual: ReadonlyMap<string, number> = NOTHING,
): GraphStage[] {
  const needs = Map.groupBy(edges, ({ to }) => to);
  const byName = new Map(ran.map((stage) => [stage.name, stage]));
  return nodes.map(({ kind, name, stage, leg }) => {
    const found = byName.get(name);
    const usualMs = usual.get(name);
    const attempts = found && found.carriedFrom === null ? found.attempts : [];
    return {
      ...{ kind, name, stage, leg },
      needs: (needs.get(name) ?? []).map(({ from, on }) => ({ to: from, on })),
      status: found?.status ?? null,
      attempts: attempts.length,
      startedAt: attempts[0]?.startedAt ?? null,
      endedAt: attempts.at(-1)?.endedAt ?? null,
      ...(usualMs === undefined ? {} : { usualMs }),
    };
  });
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** The graph of a run in place of that of the text, which has none. */
export function graphOfRun(ran: readonly StageObject[]): Shape {
  return {
    nodes: ran.map(({ kind, name, stage, leg }) => ({ kind, name, stage, leg })),
    edges: ran.flatMap(({ name, needs }) => needs.map(({ to, on }) => ({ from: to, to: name, on }))),
  };
}
