import { memo, useMemo } from 'react';
import type { FoldedEdge } from '../fold/fold-graph.ts';
import { type Area, drawEdges } from '../layout/draw-edges.ts';
import type { Layout, PlacedEdge, PlacedNode } from '../layout/lay-out.ts';
import { RANK_PITCH } from '../layout/measure.ts';

interface GraphEdgesProps {
  layout: Layout;
  places: ReadonlyMap<string, PlacedNode>;
  edges: readonly FoldedEdge[];
  area: Area;
  /** Items on the critical path. */
  critical: ReadonlySet<string>;
}

/** All edges, those that do not want success dashed, the critical path above them. */
export const GraphEdges = memo(function GraphEdges({ layout, places, edges, area, critical }: GraphEdgesProps) {
  const [usual, exceptional] = useMemo(() => {
    const exceptions = new Set(edges.filter(({ isException }) => isException).map(({ from, to }) => `${from}\n${to}`));
    const isException = ({ from, to }: { from: string; to: string }) => exceptions.has(`${from}\n${to}`);
    return [layout.edges.filter((edge) => !isException(edge)), layout.edges.filter(isException)];
  }, [layout, edges]);
  const onPath = useMemo(
    () => layout.edges.filter(({ from, to }) => critical.has(from) && critical.has(to)),
    [layout, critical],
  );
  return (
    <svg width="1" height="1" aria-hidden>
      <Edges edges={usual} places={places} area={area} />
      <Edges edges={exceptional} places={places} area={area} kind="exception" />
      <Edges edges={onPath} places={places} area={area} kind="critical" />
    </svg>
  );
});

interface EdgesProps {
  edges: readonly PlacedEdge[];
  places: ReadonlyMap<string, PlacedNode>;
  area: Area;
  kind?: 'exception' | 'critical';
}

/** The ranks in reach: a pan up or down changes nothing, one to the side only adds and removes. */
function Edges({ edges, places, area, kind }: EdgesProps) {
  const paths = useMemo(() => drawEdges(edges, places), [edges, places]);
  return paths.map((path, rank) => {
    const isNear = (rank + 1) * RANK_PITCH >= area.left && rank * RANK_PITCH <= area.right;
    return isNear && path !== '' ? <path key={rank} className="graph-edges" data-kind={kind} d={path} /> : null;
  });
}
