import type { PipelineGraph } from '#core/rest-pipelines.ts';
import type { StageObject } from '#core/rest.ts';
import type { GraphStage } from '../../graph/graph-stage.ts';

/** The nodes of a text; what a run says of a node of the same name stands with it. */
export function toGraphStages(
  { nodes, edges }: Pick<PipelineGraph, 'nodes' | 'edges'>,
  ran: readonly StageObject[],
): GraphStage[] {
  const needs = Map.groupBy(edges, ({ to }) => to);
  const byName = new Map(ran.map((stage) => [stage.name, stage]));
  return nodes.map(({ kind, name, stage, leg }) => {
    const found = byName.get(name);
    const attempts = found && found.carriedFrom === null ? found.attempts : [];
    return {
      ...{ kind, name, stage, leg },
      needs: (needs.get(name) ?? []).map(({ from, on }) => ({ to: from, on })),
      status: found?.status ?? null,
      attempts: attempts.length,
      startedAt: attempts[0]?.startedAt ?? null,
      endedAt: attempts.at(-1)?.endedAt ?? null,
    };
  });
}
