import type { Argument, Word } from '#config/pipeline/word.ts';

/** A word as Markdown: how it is written, and what it means. */
export function describeWord(name: string, { args, summary, words }: Word): string {
  const head = [name, ...args.map(describeArgument)].join(' ');
  const inside = Object.keys(words);
  const inner = inside.length === 0 ? '' : `\n\nInside: ${inside.map((one) => `\`${one}\``).join(', ')}`;
  return `\`${head}\`\n\n${summary}${inner}`;
}

function describeArgument({ name, need, choices }: Argument): string {
  const shown = choices ? choices.join('|') : name;
  return need === 'optional' ? `[${shown}]` : need === 'many' ? `${shown}…` : need === 'any' ? `[${shown}…]` : shown;
}
