import type { Growth } from '#core/growth.ts';
import { outlineNode } from '#core/outline.ts';
import type { Plan } from '#core/plan.ts';

/** What the workflow has to know of the nodes a plan has grown. */
export function describeGrowth(plan: Plan, reference: Growth['plan'], added: readonly string[]): Growth {
  const nodes = plan.nodes.filter((node) => added.includes(node.name));
  const bases = new Set(nodes.flatMap((node) => (node.kind === 'stage' ? [node.stage] : [])));
  return {
    plan: reference,
    nodes: nodes.map(outlineNode),
    groups: Object.fromEntries(Object.entries(plan.groups).filter(([base]) => bases.has(base))),
  };
}
