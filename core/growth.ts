import type { ObjectReference } from './attempt.ts';
import type { OutlineNode } from './outline.ts';
import type { Edge, MatrixGroup } from './plan.ts';

/** Stages, legs and gates that one generator may add (LANGUAGE §9). */
export const MAX_GENERATED = 500;
/** And all generators of a run together. */
export const MAX_GENERATED_IN_ALL = 2_000;
/** Nodes of a run: those of its file, and however it grew. */
export const MAX_RUN_NODES = 5_000;

/** What a node has added to the open run: a generator its stages, a matrix with axes from outputs its legs. */
export interface Growth {
  /** The plan with all that the run has grown by then: the new nodes are found in it. */
  plan: ObjectReference;
  nodes: OutlineNode[];
  /** Groups that are new, or have legs now. */
  groups: Record<string, MatrixGroup>;
}

/** What of a node decides how it is changed when another one grows. */
interface Growing {
  name: string;
  needs: Edge[];
  generatedBy?: string;
  lateMatrix?: unknown;
  artifactsFrom?: string[];
}

/**
 * The nodes of a run after `by` has grown. Whoever needs a generator also needs what it generated; the legs of a matrix
 * take its place, as those of a matrix that was known at once: in edges, and where artifacts come from. What is added
 * waits for the node that adds it, and for what others have added before just the same.
 */
export function growNodes<Node extends Growing>(nodes: readonly Node[], by: string, added: readonly Node[]): Node[] {
  const all = nodes.flatMap((node) => (node.name === by ? [node, ...added] : [node]));
  const growers = new Map([[by, added.map((node) => node.name)]]);
  for (const { name, generatedBy } of nodes) {
    if (generatedBy === undefined || generatedBy === by) continue;
    growers.set(generatedBy, [...(growers.get(generatedBy) ?? []), name]);
  }
  const byName = new Map(all.map((node) => [node.name, node]));
  return all.map((node) => {
    let grown = node;
    for (const [grower, names] of growers) {
      if (isAddedBy(byName, node, grower)) continue;
      grown = rewire(grown, grower, byName.get(grower)?.lateMatrix !== undefined, names);
    }
    return grown;
  });
}

/** Whether a node is there because of another one, directly or not. */
function isAddedBy<Node extends Growing>(byName: ReadonlyMap<string, Node>, node: Node, grower: string): boolean {
  for (let by = node.generatedBy; by !== undefined; by = byName.get(by)?.generatedBy) if (by === grower) return true;
  return false;
}

function rewire<Node extends Growing>(node: Node, by: string, isMatrix: boolean, names: readonly string[]): Node {
  const edge = node.needs.find((need) => need.to === by);
  const isReplaced = isMatrix && names.length > 0;
  const isFed = isReplaced && node.artifactsFrom?.includes(by);
  if (!edge && !isFed) return node;
  const kept = isReplaced ? node.needs.filter((need) => need !== edge) : node.needs;
  const missing = names.filter((name) => !node.needs.some((need) => need.to === name));
  const needs = edge ? [...kept, ...missing.map((to) => ({ to, on: edge.on }))] : node.needs;
  const artifactsFrom = node.artifactsFrom?.flatMap((name) => (isReplaced && name === by ? names : [name]));
  return { ...node, needs, ...(artifactsFrom ? { artifactsFrom } : {}) };
}
