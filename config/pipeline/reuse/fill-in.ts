import type { KdlValue } from '../kdl.ts';
import { splitText } from '../references.ts';
import type { WordNode } from '../shape.ts';
import { listWord } from '../values.ts';
import type { Frame, Frames } from './frames.ts';

/** Words whose strings are no text with references: scripts and conditions name parameters, and stay as they are. */
const CODE = ['run', 'when'];

/**
 * A word with the parameters of the templates it comes from filled in as they are written, for people to read: what a
 * stage gives stands where the template asks for it.
 */
export function fillIn(node: WordNode, frames: Frames): WordNode {
  const fill = (inner: WordNode) => fillIn(inner, frames);
  return {
    ...node,
    args: CODE.includes(node.name)
      ? node.args
      : node.args.map((value) => ({ ...value, value: fillValue(value, frames) })),
    words: new Map([...node.words].map(([word, nodes]) => [word, nodes.map(fill)])),
    own: node.own.map(fill),
  };
}

function fillValue({ value, place }: KdlValue, frames: Frames): KdlValue['value'] {
  const frame = place.top && frames.get(place.top);
  if (typeof value !== 'string' || !frame) return value;
  let filled = '';
  let end = 0;
  for (const part of splitText(value)) {
    if (part.kind !== 'reference' || part.path[0] !== 'params') continue;
    const given = readWritten(frame, part.path[1] ?? '', frames);
    if (given === null) continue;
    filled += value.slice(end, part.start) + given;
    end = part.end;
  }
  return filled + value.slice(end);
}

/** What a stage gives a parameter, or its default, as it is written. */
function readWritten({ template, call }: Frame, name: string, frames: Frames): string | null {
  const given = listWord(call, 'with').find((node) => node.args[0]?.value === name);
  const param = listWord(template, 'param').find((node) => node.args[0]?.value === name);
  const values = given ? given.args.slice(1) : param && listWord(param, 'default')[0]?.args;
  if (!values) return null;
  const texts = values.map((value) => String(fillValue(value, frames)));
  return texts.length === 1 ? (texts[0] ?? null) : JSON.stringify(texts);
}
