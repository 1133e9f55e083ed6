import type { WordNode } from '../shape.ts';

/** Words whose nodes have names: one of the stage takes the place of the template's of the same name. */
const NAMED = ['need', 'secret', 'service', 'artifact', 'cache'];

/**
 * A stage over a template's (LANGUAGE §8): a word that the stage says stands instead of the template's. Variables,
 * and what has a name of its own, are told apart by that name.
 */
export function mergeStage(stage: WordNode, body: WordNode): WordNode {
  const words = new Map<string, WordNode[]>(body.words);
  words.delete('uses');
  words.delete('with');
  for (const [word, nodes] of stage.words) {
    const below = words.get(word) ?? [];
    if (word === 'env') words.set(word, [...hideVariables(below, listVariables(nodes)), ...nodes]);
    else if (NAMED.includes(word)) words.set(word, [...hideNames(below, nodes), ...nodes]);
    else words.set(word, nodes);
  }
  return { ...stage, words };
}

function hideNames(below: readonly WordNode[], nodes: readonly WordNode[]): WordNode[] {
  const names = nodes.map((node) => node.args[0]?.value);
  return below.filter((node) => !names.includes(node.args[0]?.value));
}

function listVariables(nodes: readonly WordNode[]): Set<unknown> {
  return new Set(
    nodes.flatMap((node) => [...node.args.slice(0, 1).map(({ value }) => value), ...node.own.map(({ name }) => name)]),
  );
}

function hideVariables(below: readonly WordNode[], names: ReadonlySet<unknown>): WordNode[] {
  return below.flatMap((node) => {
    const [name] = node.args;
    const args = name && names.has(name.value) ? [] : node.args;
    const own = node.own.filter((one) => !names.has(one.name));
    return args.length === 0 && own.length === 0 ? [] : [{ ...node, args, own, written: args.length }];
  });
}
