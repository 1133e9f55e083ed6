import { chooseCarried, type RerunNode, type RerunScope } from '#core/choose-carried.ts';
import type { StageObject } from '#core/rest.ts';

/** `GET runs/:id/graph`, as far as a re-run goes by it. */
export interface RerunGraph {
  nodes: Pick<RerunNode, 'kind' | 'name' | 'stage' | 'runOn'>[];
  edges: { from: string; to: string; on: string }[];
}

export interface RerunPreview {
  /** Stages that run again. */
  again: string[];
  /** Whose results are reused. */
  carried: string[];
  /** Gates that ask again. */
  gates: string[];
}

/** What a re-run would do, by the rule that the server goes by. */
export function previewRerun(graph: RerunGraph, stages: readonly StageObject[], scope: RerunScope): RerunPreview {
  const needs = Map.groupBy(graph.edges, ({ to }) => to);
  const nodes = graph.nodes.map((node): RerunNode => ({
    ...node,
    needs: (needs.get(node.name) ?? []).map(({ from, on }) => ({ to: from, on })),
  }));
  const results = Object.fromEntries(
    stages.flatMap(({ name, status }) => (status.kind === 'ended' ? [[name, { ending: status.ending }]] : [])),
  );
  const carried = new Set(Object.keys(chooseCarried({ nodes }, results, scope) ?? {}));
  const again = nodes.filter(({ name }) => !carried.has(name));
  return {
    again: again.filter(({ kind }) => kind === 'stage').map(({ name }) => name),
    carried: nodes.filter(({ name, kind }) => kind === 'stage' && carried.has(name)).map(({ name }) => name),
    gates: again.filter(({ kind }) => kind === 'gate').map(({ name }) => name),
  };
}
