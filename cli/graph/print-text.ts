import { oneLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { cutEnd, cutMiddle, measureWidth, padEnd } from '../terminal/width.ts';
import { describeNode } from './node-label.ts';
import type { NodeState } from './node-state.ts';
import type { Graph, GraphEdge, GraphNode } from './shape.ts';

type Look = Pick<Screen, 'paintOut' | 'glyphOf' | 'marks' | 'columns'>;

/**
 * A graph as lines, one a node: the level it stands on (what is on one level may run at the
 * same time), how it stands in a run, its name, what it is, what it needs. Cut to the
 * terminal; whole where stdout is none.
 */
export function printText(graph: Graph, states: ReadonlyMap<string, NodeState>, screen: Look): string {
  const columns = screen.columns() ?? Number.POSITIVE_INFINITY;
  const { ellipsis, dot } = screen.marks;
  const nodes = graph.nodes.toSorted((a, b) => a.level - b.level);
  const digits = String(nodes.at(-1)?.level ?? 0).length;
  const nameRoom = Math.max(12, Math.floor(columns * 0.4));
  const rows = nodes.map((node) => ({
    node,
    state: states.get(node.name),
    name: cutMiddle(oneLine(node.name), nameRoom, ellipsis),
    facts: factsOf(node, states.get(node.name)?.text).join(` ${dot} `),
  }));
  const nameWidth = Math.max(...rows.map(({ name }) => measureWidth(name)));
  let level = -1;
  const lines = rows.map(({ node, state, name, facts }) => {
    const mark = node.level === level ? ' '.repeat(digits) : padEnd(String(node.level + 1), digits);
    level = node.level;
    const glyph = state ? `${screen.paintOut(state.look.style, screen.glyphOf(state.look))} ` : '';
    const text = facts === '' ? name : `${padEnd(name, nameWidth)}  ${screen.paintOut('dim', facts)}`;
    return cutEnd(`${screen.paintOut('dim', mark)}  ${glyph}${text}`, columns, ellipsis);
  });
  return `${cutEnd(`${oneLine(graph.name)}  ${countNodes(graph)}`, columns, ellipsis)}\n${lines.join('\n')}\n`;
}

/** What is worth saying of a node, the most telling first. */
function factsOf(node: GraphNode, state: string | undefined): string[] {
  const facts = state === undefined ? [] : [state];
  facts.push(...describeNode(node));
  if (node.runOn !== 'success') facts.push(`runs on ${node.runOn}`);
  if (node.needs.length > 0) facts.push(`needs ${node.needs.map(nameEdge).join(', ')}`);
  return facts;
}

/** `build`, `test on failed`, `test[node=22] and 1 more leg` */
function nameEdge({ to, on, legs }: GraphEdge): string {
  const rest = (legs?.length ?? 1) - 1;
  const more = rest === 0 ? '' : ` and ${rest} more leg${rest === 1 ? '' : 's'}`;
  return `${oneLine(legs?.[0] ?? to)}${more}${on === 'success' ? '' : ` on ${on}`}`;
}

/** `4 stages, 1 gate` */
function countNodes({ nodes }: Graph): string {
  const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  const gates = nodes.filter(({ kind }) => kind === 'gate').length;
  const stages = count(nodes.length - gates, 'stage');
  return gates === 0 ? stages : `${stages}, ${count(gates, 'gate')}`;
}
