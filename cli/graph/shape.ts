import type { GateRules } from '#core/gate.ts';
import type { Edge, Plan, PlanNode } from '#core/plan.ts';

/** A plan as people draw it: a matrix is one node, whatever its legs. */
export interface Graph {
  name: string;
  /** In the order of the file. */
  nodes: GraphNode[];
}

export interface GraphNode {
  kind: 'stage' | 'gate';
  /** Name without the leg. */
  name: string;
  /** Names of the legs; the node's own name alone without a matrix. */
  legs: string[];
  hasMatrix: boolean;
  /** Who decides: of a gate, or of the gate before a stage. */
  gate: GateRules | null;
  runOn: PlanNode['runOn'];
  needs: GraphEdge[];
  /** Length of the longest way to it: 0 needs nothing. */
  level: number;
}

export interface GraphEdge {
  /** Name of a node. */
  to: string;
  on: Edge['on'];
  /** Names of the legs that are needed, when not all are. */
  legs: string[] | null;
}

/** The graph of a plan, its legs folded into their stages. */
export function drawGraph(plan: Plan): Graph {
  const bases = new Map(plan.nodes.map((node) => [node.name, baseOf(node)]));
  const folded = new Map<string, PlanNode[]>();
  for (const node of plan.nodes) folded.set(baseOf(node), [...(folded.get(baseOf(node)) ?? []), node]);
  const nodes = [...folded].flatMap(([name, legs]): GraphNode[] => {
    const [first] = legs;
    if (!first) return [];
    return [
      {
        kind: first.kind,
        name,
        legs: legs.map((leg) => leg.name),
        hasMatrix: first.kind === 'stage' && first.leg !== null,
        gate: first.gate,
        runOn: first.runOn,
        needs: foldEdges(legs, bases, folded),
        level: 0,
      },
    ];
  });
  setLevels(nodes);
  return { name: plan.pipeline.name, nodes };
}

function baseOf(node: PlanNode): string {
  return node.kind === 'stage' ? node.stage : node.name;
}

/** Edges of all legs, those to the same node with the same wish as one. */
function foldEdges(
  legs: readonly PlanNode[],
  bases: ReadonlyMap<string, string>,
  folded: ReadonlyMap<string, PlanNode[]>,
): GraphEdge[] {
  const edges = new Map<string, { to: string; on: Edge['on']; legs: Set<string> }>();
  for (const edge of legs.flatMap(({ needs }) => needs)) {
    const to = bases.get(edge.to) ?? edge.to;
    const key = `${edge.on} ${to}`;
    const known = edges.get(key) ?? { to, on: edge.on, legs: new Set() };
    known.legs.add(edge.to);
    edges.set(key, known);
  }
  return [...edges.values()].map(({ to, on, legs: needed }) => ({
    to,
    on,
    legs: needed.size === folded.get(to)?.length ? null : [...needed],
  }));
}

/** A plan has no cycles: as many rounds as there are nodes settle every level. */
function setLevels(nodes: readonly GraphNode[]): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  let isSettled = false;
  for (let round = 0; round < nodes.length && !isSettled; round++) {
    isSettled = true;
    for (const node of nodes) {
      const level = Math.max(0, ...node.needs.map(({ to }) => (byName.get(to)?.level ?? -1) + 1));
      if (level !== node.level) isSettled = false;
      node.level = level;
    }
  }
}
