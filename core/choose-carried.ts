import { type Ending, isSuccess } from './ending.ts';
import type { RunOn } from './plan.ts';

/** Which nodes are to run again. */
export type RerunScope = { kind: 'failed' } | { kind: 'all' } | { kind: 'stage' | 'leg'; name: string };

/** What of a plan's nodes decides: a run's own rows have it too. */
export interface RerunNode {
  kind: 'stage' | 'gate';
  name: string;
  /** Of a stage: its name without the leg. */
  stage?: string;
  needs: readonly { to: string; on: string }[];
  runOn: RunOn;
}

interface Nodes {
  nodes: readonly RerunNode[];
}

interface Ended {
  ending: Ending;
}

/**
 * The results that a re-run takes over; all other nodes run again. A node runs again with everything behind it, and
 * nothing runs again behind a need that did not succeed: that need comes along. `results` are the nodes that ended.
 * Null when the name is none of the plan's.
 */
export function chooseCarried<Result extends Ended>(
  plan: Nodes,
  results: Readonly<Record<string, Result>>,
  scope: RerunScope,
): Record<string, Result> | null {
  const first = listFirst(plan, results, scope);
  if (first === null) return null;
  const again = new Set(first);
  if (scope.kind === 'stage' || scope.kind === 'leg') addFailedNeeds(plan, results, again);
  addDescendants(plan, again);
  const carried: Record<string, Result> = {};
  for (const node of plan.nodes) {
    const result = results[node.name];
    if (result && !again.has(node.name)) carried[node.name] = result;
  }
  return carried;
}

function listFirst(plan: Nodes, results: Readonly<Record<string, Ended>>, scope: RerunScope): string[] | null {
  switch (scope.kind) {
    case 'all':
      return plan.nodes.map((node) => node.name);
    case 'failed':
      return plan.nodes.filter((node) => !isDone(results[node.name])).map((node) => node.name);
    case 'stage':
    case 'leg': {
      const names = plan.nodes.filter((node) => isNamed(node, scope)).map((node) => node.name);
      return names.length > 0 ? names : null;
    }
    default:
      return scope satisfies never;
  }
}

function isNamed(node: RerunNode, scope: { kind: 'stage' | 'leg'; name: string }): boolean {
  if (node.name === scope.name) return true;
  return scope.kind === 'stage' && node.kind === 'stage' && node.stage === scope.name;
}

function isDone(result: Ended | undefined): boolean {
  return result !== undefined && isSuccess(result.ending);
}

function addFailedNeeds(plan: Nodes, results: Readonly<Record<string, Ended>>, again: Set<string>): void {
  const nodes = new Map(plan.nodes.map((node) => [node.name, node]));
  const open = [...again];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const edge of nodes.get(name)?.needs ?? []) {
      if (edge.on !== 'success' || again.has(edge.to) || isDone(results[edge.to])) continue;
      again.add(edge.to);
      open.push(edge.to);
    }
  }
}

/** Behind a node stands what needs it, and what looks at the whole run. */
function addDescendants(plan: Nodes, again: Set<string>): void {
  if (again.size === 0) return;
  for (const node of plan.nodes) if (node.needs.length === 0 && node.runOn !== 'success') again.add(node.name);
  for (let size = -1; size !== again.size;) {
    size = again.size;
    for (const node of plan.nodes) if (node.needs.some((edge) => again.has(edge.to))) again.add(node.name);
  }
}
