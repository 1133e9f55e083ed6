import type { Plan, PlanNode } from '#core/plan.ts';
import type { NodeShape } from './view.ts';

/** The nodes of a plan as the view begins with them. */
export function shapeNodes(plan: Plan): NodeShape[] {
  const ordinary = plan.nodes.filter(({ runOn }) => runOn === 'success').map(({ name }) => name);
  return plan.nodes.map((node, index) => ({
    name: node.name,
    position: index,
    kind: node.kind,
    needs: isFinally(node) ? ordinary : node.needs.map(({ to }) => to),
    steps: node.kind === 'stage' ? node.steps.map(({ title }) => title) : [],
  }));
}

/**
 * Whether at most one stage can run at a time: every two nodes stand in the order of the
 * edges, so the longest path holds them all.
 */
export function isSequentialPlan(plan: Plan, maxParallel: number | null): boolean {
  if (maxParallel === 1) return true;
  const depths = new Map<string, number>();
  const byName = new Map(plan.nodes.map((node) => [node.name, node]));
  const depthOf = (node: PlanNode): number => {
    const known = depths.get(node.name);
    if (known !== undefined) return known;
    depths.set(node.name, 0);
    const needs = node.needs.flatMap(({ to }) => byName.get(to) ?? []);
    const before = isFinally(node) ? plan.nodes.filter((other) => other.runOn === 'success') : needs;
    const depth = 1 + Math.max(0, ...before.map(depthOf));
    depths.set(node.name, depth);
    return depth;
  };
  return new Set(plan.nodes.map(depthOf)).size === plan.nodes.length;
}

/** A stage that runs on failure or always and needs nothing looks at the whole run (LANGUAGE §4). */
function isFinally(node: PlanNode): boolean {
  return node.needs.length === 0 && node.runOn !== 'success';
}

/** `2 stages`, `3 stages, 2 legs of test`, with gates as `1 gate`. */
export function describePlan(plan: Plan): string {
  const stages = new Set(plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.stage] : [])));
  const gates = plan.nodes.filter(({ kind }) => kind === 'gate').length;
  const legs = Object.entries(plan.groups).map(([name, group]) =>
    // Those of a matrix whose values come from a stage follow when the run knows them.
    group.legs.length === 0 ? `legs of ${name}` : `${count(group.legs.length, 'leg')} of ${name}`,
  );
  return [count(stages.size, 'stage'), ...(gates > 0 ? [count(gates, 'gate')] : []), ...legs].join(', ');
}

/** `docker`, `process` or both, by how many stages they have. */
export function describeExecutors(plan: Plan): string {
  const kinds = plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.executor] : []));
  return [...new Set(kinds)].join(' and ') || 'gates only';
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
