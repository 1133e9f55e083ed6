import { oneLine } from '../terminal/sanitize.ts';
import { linesOf } from './node-label.ts';
import type { NodeState } from './node-state.ts';
import type { Graph } from './shape.ts';

/**
 * A graph in the language of Graphviz. Names stand in labels only, quoted: the nodes are
 * called n1, n2 and so on.
 */
export function printDot(graph: Graph, states: ReadonlyMap<string, NodeState>): string {
  const ids = new Map(graph.nodes.map(({ name }, index) => [name, `n${index + 1}`]));
  const nodes = graph.nodes.map((node) => {
    const label = linesOf(node, states.get(node.name)).map(escapeDot).join('\\n');
    return `  ${ids.get(node.name) ?? ''} [label="${label}"${node.kind === 'gate' ? ', shape=diamond' : ''}];`;
  });
  const edges = graph.nodes.flatMap((node) =>
    node.needs.map(({ to, on }) => {
      const label = on === 'success' ? '' : ` [label="${on}"]`;
      return `  ${ids.get(to) ?? ''} -> ${ids.get(node.name) ?? ''}${label};`;
    }),
  );
  const head = [`digraph "${escapeDot(graph.name)}" {`, '  rankdir=LR;', '  node [shape=box];'];
  return `${[...head, ...nodes, ...edges, '}'].join('\n')}\n`;
}

/** Inside quotes a backslash begins an escape of labels, so it is doubled as well. */
function escapeDot(text: string): string {
  return oneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
