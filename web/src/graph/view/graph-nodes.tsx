import { useMemo } from 'react';
import type { FoldItem } from '../fold/fold-graph.ts';
import type { GraphStage } from '../graph-stage.ts';
import type { Area } from '../layout/draw-edges.ts';
import type { Layout } from '../layout/lay-out.ts';
import { NODE_HEIGHT, NODE_WIDTH } from '../layout/measure.ts';
import { describeNode } from './describe-node.ts';
import { GraphNode } from './graph-node.tsx';
import { type GraphFilter, matchesNode } from './match-node.ts';

interface GraphNodesProps {
  layout: Layout;
  items: readonly FoldItem[];
  stages: ReadonlyMap<string, GraphStage>;
  area: Area;
  now: number;
  critical: ReadonlySet<string>;
  search: string;
  filter: GraphFilter | null;
  selected: string | null;
  /** The node that Tab comes to; in the document wherever it is. */
  entry: string | null;
}

/** The nodes in reach; the others are not in the document. */
export function GraphNodes(props: GraphNodesProps) {
  const { layout, items, stages, area, now, critical, search, filter, selected, entry } = props;
  const byName = useMemo(() => new Map(items.map((item) => [item.name, item])), [items]);
  const isSought = search.trim() !== '' || filter !== null;
  return layout.nodes.map(({ name, x, y }) => {
    const item = byName.get(name);
    const isNear = x <= area.right && x + NODE_WIDTH >= area.left && y <= area.bottom && y + NODE_HEIGHT >= area.top;
    if (!item || !(isNear || name === entry)) return null;
    const { state, title, detail, label, counts } = describeNode(item, stages, now);
    const members = isSought ? item.members.flatMap((member) => stages.get(member) ?? []) : [];
    return (
      <GraphNode
        key={name}
        {...{ name, x, y, state, title, detail, label }}
        isFold={item.kind !== 'stage'}
        bar={counts.map(([one, count]) => `${one}:${count}`).join(' ')}
        isCritical={critical.has(name)}
        isDim={isSought && !matchesNode(members, search, filter)}
        isSelected={selected !== null && item.members.includes(selected)}
        isEntry={name === entry}
      />
    );
  });
}
