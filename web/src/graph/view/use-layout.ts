import { useEffect, useMemo, useState } from 'react';
import type { FoldedGraph } from '../fold/fold-graph.ts';
import type { Layout, LayoutInput } from '../layout/lay-out.ts';
import { findLayout, requestLayout } from '../layout/request-layout.ts';

/** A graph with its places. */
interface LaidOut {
  graph: FoldedGraph;
  layout: Layout;
}

/** The layout of a graph, null until the worker has it; until then what was shown before stays whole. */
export function useLayout(graph: FoldedGraph): LaidOut | null {
  const [input, key] = useMemo(() => {
    // Names and edges, never a status: what only changes state is not laid out again.
    const names: LayoutInput = {
      nodes: graph.items.map(({ name }) => name),
      edges: graph.edges.map(({ from, to }) => [from, to] as const),
    };
    return [names, JSON.stringify(names)];
  }, [graph]);
  const [laid, setLaid] = useState<LaidOut | null>(null);
  const known = findLayout(key);
  useEffect(() => {
    if (known) {
      setLaid({ graph, layout: known });
      return undefined;
    }
    let isGone = false;
    void requestLayout(key, input).then((layout) => {
      if (!isGone) setLaid({ graph, layout });
    });
    return () => {
      isGone = true;
    };
    // `known` follows from the key.
  }, [key, graph]);
  return useMemo(() => (known ? { graph, layout: known } : laid), [known, graph, laid]);
}
