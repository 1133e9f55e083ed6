import type { ObjectReference } from '#core/attempt.ts';
import type { ContinuedRun } from '#core/continued-run.ts';
import { growNodes, type Growth } from '#core/growth.ts';
import type { Outline, OutlineNode } from '#core/outline.ts';
import type { MatrixGroup } from '#core/plan.ts';

/**
 * The outline with what the scheduler looks up again and again. It grows while the run is open (`growGraph`): whoever
 * keeps it sees that.
 */
export interface Graph {
  /** In plan order: the order in which nodes that became ready together start. */
  names: readonly string[];
  nodes: ReadonlyMap<string, OutlineNode>;
  /** Names a node waits for before it is judged: its needs, or for a finally without needs the rest of the run. */
  waits: ReadonlyMap<string, readonly string[]>;
  /** Who has to be judged again when a node ends. */
  waiters: ReadonlyMap<string, readonly string[]>;
  /** By base name of a stage with a matrix. */
  groups: Record<string, MatrixGroup>;
  /** Where the nodes that came later are found; all others are in the run's first plan. */
  plans: Map<string, ObjectReference>;
}

/** `plans` of a run that has grown in an earlier execution. */
export function buildGraph(outline: Outline, plans: ContinuedRun['plans'] = []): Graph {
  const found = plans.flatMap(([plan, names]) => names.map((name) => [name, plan] as const));
  return { ...arrange(outline.nodes), groups: { ...outline.groups }, plans: new Map(found) };
}

/** Takes in what a node has added, before that node ends; answers the new names. What is known already stays. */
export function growGraph(graph: Graph, by: string, growth: Growth): string[] {
  const added = growth.nodes.filter((node) => !graph.nodes.has(node.name));
  Object.assign(graph, arrange(growNodes([...graph.nodes.values()], by, added)));
  Object.assign(graph.groups, growth.groups);
  for (const { name } of added) graph.plans.set(name, growth.plan);
  return added.map((node) => node.name);
}

/** Names of the nodes that this one has added to the run. */
export function listGrown(graph: Graph, name: string): string[] {
  return [...graph.nodes.values()].filter((node) => node.generatedBy === name).map((node) => node.name);
}

function arrange(all: readonly OutlineNode[]): Pick<Graph, 'names' | 'nodes' | 'waits' | 'waiters'> {
  const nodes = new Map(all.map((node) => [node.name, node]));
  const waits = new Map(all.map((node) => [node.name, listWaits(node, all)]));
  const waiters = new Map<string, string[]>(all.map((node) => [node.name, []]));
  for (const [name, before] of waits) {
    for (const other of before) waiters.get(other)?.push(name);
  }
  return { names: all.map((node) => node.name), nodes, waits, waiters };
}

/**
 * A `failure` or `always` stage without needs looks at the whole run (LANGUAGE §4): it
 * waits for every node that is not itself part of the finally, or behind it. `always`
 * comes after `failure`, so that it is the last word.
 */
function listWaits(node: OutlineNode, all: readonly OutlineNode[]): readonly string[] {
  const before = listBefore(node);
  if (node.needs.length > 0 || node.runOn === 'success') return before;
  const rank = finallyRank(node);
  const behind = listBehind(all, (other) => finallyRank(other) >= rank);
  const rest = all.map((other) => other.name).filter((name) => !behind.has(name));
  return [...new Set([...rest, ...before])];
}

/** What a node needs, and the node that added it. */
function listBefore(node: OutlineNode): readonly string[] {
  const added = node.generatedBy === undefined ? [] : [node.generatedBy];
  return [...new Set([...node.needs.map((edge) => edge.to), ...added])];
}

/** 0: in the graph proper. 1: `failure` without needs. 2: `always` without needs. */
function finallyRank(node: OutlineNode): number {
  if (node.needs.length > 0 || node.runOn === 'success') return 0;
  return node.runOn === 'failure' ? 1 : 2;
}

/** The nodes for which `isStart` holds and all that need one of them, directly or not. */
function listBehind(all: readonly OutlineNode[], isStart: (node: OutlineNode) => boolean) {
  const behind = new Set(all.filter(isStart).map((node) => node.name));
  const dependents = new Map<string, string[]>();
  for (const node of all) {
    for (const before of listBefore(node)) {
      const list = dependents.get(before);
      if (list) list.push(node.name);
      else dependents.set(before, [node.name]);
    }
  }
  const work = [...behind];
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    for (const next of dependents.get(name) ?? []) {
      if (behind.has(next)) continue;
      behind.add(next);
      work.push(next);
    }
  }
  return behind;
}
