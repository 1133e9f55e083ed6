import { oneLine } from '../terminal/sanitize.ts';
import { linesOf } from './node-label.ts';
import type { NodeState } from './node-state.ts';
import type { Graph } from './shape.ts';

/**
 * A graph as a Mermaid flowchart. Names stand in labels only, every sign of theirs that
 * Mermaid, Markdown or HTML could read as its own as an entity.
 */
export function printMermaid(graph: Graph, states: ReadonlyMap<string, NodeState>): string {
  const ids = new Map(graph.nodes.map(({ name }, index) => [name, `n${index + 1}`]));
  const nodes = graph.nodes.map((node) => {
    const label = linesOf(node, states.get(node.name)).map(escapeMermaid).join('<br/>');
    return `  ${ids.get(node.name) ?? ''}${node.kind === 'gate' ? `{"${label}"}` : `["${label}"]`}`;
  });
  const edges = graph.nodes.flatMap((node) =>
    node.needs.map(({ to, on }) => {
      const label = on === 'success' ? '' : `|${on}|`;
      return `  ${ids.get(to) ?? ''} -->${label} ${ids.get(node.name) ?? ''}`;
    }),
  );
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

/** `"` is `#34;` */
function escapeMermaid(text: string): string {
  return oneLine(text).replaceAll(/[^\p{L}\p{N} _.,:/-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`);
}
