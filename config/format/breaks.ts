import type { SyntaxNode } from './syntax.ts';

/**
 * Leaves out line breaks that break nothing: doubled, before a block, at the end. The
 * comment of one at the end stands behind the node.
 */
export function trimBreaks(node: SyntaxNode): void {
  const parts = node.parts.filter((part, index) => {
    const next = node.parts[index + 1];
    const isEmpty = part.kind === 'break' && part.comment === null;
    return !(isEmpty && (next === undefined || next.kind === 'block' || next.kind === 'break'));
  });
  const last = parts.at(-1);
  if (last?.kind === 'break' && node.after === null) {
    node.after = last.comment;
    parts.pop();
  }
  node.parts = parts;
}
