import type { GraphStage } from '../graph-stage.ts';
import { indexGraph, rankNodes } from '../layout/rank-nodes.ts';
import type { Group } from './list-groups.ts';

/** A node that is shown: a stage, or a fold of several. */
export interface FoldItem {
  /** Name of the stage, else id of the fold. */
  name: string;
  kind: 'stage' | 'matrix' | 'siblings' | 'rest';
  label: string;
  members: string[];
  /** Of a stage: the group that would take it in. */
  group: string | null;
}

export interface FoldedGraph {
  /** In the order of the file. */
  items: FoldItem[];
  edges: FoldedEdge[];
  /** Name of the item that shows a stage. */
  itemOf: ReadonlyMap<string, string>;
}

export interface FoldedEdge {
  from: string;
  to: string;
  /** True when no edge of it wants success. */
  isException: boolean;
}

/** What a person has unfolded: groups by id, and which items are kept where not all are; null means all. */
export interface FoldChoice {
  open: ReadonlySet<string>;
  kept: ReadonlySet<string> | null;
}

/** The graph as it is shown. Depends on structure and choice alone, never on a status. */
export function foldGraph(stages: readonly GraphStage[], groups: readonly Group[], choice: FoldChoice): FoldedGraph {
  const byGroup = takeIn(stages, groups, choice.open);
  return choice.kept === null ? byGroup : foldRest(stages, byGroup, choice.kept);
}

function takeIn(stages: readonly GraphStage[], groups: readonly Group[], open: ReadonlySet<string>): FoldedGraph {
  const groupOf = new Map(groups.flatMap((group) => group.members.map((name) => [name, group] as const)));
  const items: FoldItem[] = [];
  for (const { name } of stages) {
    const group = groupOf.get(name);
    if (!group || open.has(group.id)) {
      items.push({ name, kind: 'stage', label: name, members: [name], group: group?.id ?? null });
    } else if (group.members[0] === name) {
      const { id, kind, label, members } = group;
      items.push({ name: id, kind, label, members, group: null });
    }
  }
  return connect(stages, items);
}

/** Takes what is not kept together: between ranks that hold a kept item, and in each of those. */
function foldRest(stages: readonly GraphStage[], graph: FoldedGraph, kept: ReadonlySet<string>): FoldedGraph {
  const names = graph.items.map(({ name }) => name);
  const pairs = graph.edges.map(({ from, to }) => [from, to] as const);
  const ranks = rankNodes(indexGraph(names, pairs));
  const held = new Set(graph.items.flatMap(({ name }, index) => (kept.has(name) ? [ranks[index]] : [])));
  const bands = new Map<number, FoldItem[]>();
  graph.items.forEach((item, index) => {
    if (kept.has(item.name)) return;
    let rank = ranks[index] ?? 0;
    // Ranks without a kept item are one band: an edge out of it leads to a later one, so no circle comes about.
    if (!held.has(rank)) while (rank > 0 && !held.has(rank - 1)) rank -= 1;
    const band = bands.get(rank);
    if (band) band.push(item);
    else bands.set(rank, [item]);
  });
  const first = new Map<string, FoldItem>();
  const hidden = new Set<string>();
  for (const band of bands.values()) {
    const [head, ...others] = band;
    // A fold of one would only hide its name.
    if (!head || others.length === 0) continue;
    const members = band.flatMap((item) => item.members);
    const name = `rest:${members[0]}`;
    first.set(head.name, { name, kind: 'rest', label: `${members.length} stages`, members, group: null });
    for (const { name } of others) hidden.add(name);
  }
  const items = graph.items.flatMap((item) => (hidden.has(item.name) ? [] : [first.get(item.name) ?? item]));
  return connect(stages, items);
}

function connect(stages: readonly GraphStage[], items: FoldItem[]): FoldedGraph {
  const itemOf = new Map(items.flatMap(({ name, members }) => members.map((member) => [member, name] as const)));
  const edges = new Map<string, FoldedEdge>();
  for (const { name, needs } of stages) {
    const to = itemOf.get(name);
    for (const need of needs) {
      const from = itemOf.get(need.to);
      if (from === undefined || to === undefined || from === to) continue;
      const key = JSON.stringify([from, to]);
      const isException = need.on !== 'success' && (edges.get(key)?.isException ?? true);
      edges.set(key, { from, to, isException });
    }
  }
  return { items, edges: [...edges.values()], itemOf };
}
