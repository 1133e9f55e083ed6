import type { Outline, OutlineNode } from '#core/outline.ts';

/** The outline with what the scheduler looks up again and again. Built once; never changes. */
export interface Graph {
  /** In plan order: the order in which nodes that became ready together start. */
  names: readonly string[];
  nodes: ReadonlyMap<string, OutlineNode>;
  /** Names a node waits for before it is judged: its needs, or for a finally without needs the rest of the run. */
  waits: ReadonlyMap<string, readonly string[]>;
  /** Who has to be judged again when a node ends. */
  waiters: ReadonlyMap<string, readonly string[]>;
}

export function buildGraph(outline: Outline): Graph {
  const nodes = new Map(outline.nodes.map((node) => [node.name, node]));
  const waits = new Map(outline.nodes.map((node) => [node.name, listWaits(node, outline.nodes)]));
  const waiters = new Map<string, string[]>(outline.nodes.map((node) => [node.name, []]));
  for (const [name, before] of waits) {
    for (const other of before) waiters.get(other)?.push(name);
  }
  return { names: outline.nodes.map((node) => node.name), nodes, waits, waiters };
}

/**
 * A `failure` or `always` stage without needs looks at the whole run (LANGUAGE §4): it
 * waits for every node that is not itself part of the finally, or behind it. `always`
 * comes after `failure`, so that it is the last word.
 */
function listWaits(node: OutlineNode, all: readonly OutlineNode[]): readonly string[] {
  if (node.needs.length > 0) return [...new Set(node.needs.map((edge) => edge.to))];
  if (node.runOn === 'success') return [];
  const rank = finallyRank(node);
  const behind = listBehind(all, (other) => finallyRank(other) >= rank);
  return all.map((other) => other.name).filter((name) => !behind.has(name));
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
    for (const edge of node.needs) {
      const list = dependents.get(edge.to);
      if (list) list.push(node.name);
      else dependents.set(edge.to, [node.name]);
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
