import type { GateRules } from '#core/gate.ts';
import { oneLine } from '../terminal/sanitize.ts';
import type { NodeState } from './node-state.ts';
import type { GraphNode } from './shape.ts';

/** What a drawing writes into a node: its name, what it is, how it stands. */
export function linesOf(node: GraphNode, state: NodeState | undefined): string[] {
  return [node.name, ...describeNode(node), ...(state ? [state.text] : [])];
}

/** What a node is beside its name: `2 legs`, `gate: team:sre 2` */
export function describeNode({ kind, hasMatrix, legs, gate }: GraphNode): string[] {
  const facts = hasMatrix ? [`${legs.length} leg${legs.length === 1 ? '' : 's'}`] : [];
  if (gate) facts.push(`${kind === 'gate' ? 'gate' : 'gate before it'}: ${nameApprovers(gate)}`);
  return facts;
}

/** `team:sre 2, user:ann` */
function nameApprovers({ approve }: GateRules): string {
  if (approve.length === 0) return 'any member';
  return approve.map(({ from, min }) => oneLine(min > 1 ? `${from} ${min}` : from)).join(', ');
}
