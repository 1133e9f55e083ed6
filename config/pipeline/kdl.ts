import { type KdlToken, loadParser } from './parser.ts';
import type { Problems } from './problems.ts';
import { EMPTY_LIST, type Rewritten } from './rewrite.ts';
import type { Place } from './source.ts';

export type Scalar = string | number | boolean | null;

/** A value where it stands. */
export interface KdlValue {
  value: Scalar;
  place: Place;
}

/** A property once for every time it is written; the parser's own tree keeps the last one. */
export interface KdlProperty {
  key: string;
  keyPlace: Place;
  /** Key and value. */
  place: Place;
  /** Null for an empty list literal. */
  value: KdlValue | null;
}

/** A node with the places of all its parts in the original text. */
export interface KdlNode {
  name: string;
  namePlace: Place;
  /** From the name to the end of the last argument or property, without the block. */
  place: Place;
  args: KdlValue[];
  properties: KdlProperty[];
  children: KdlNode[];
  hasEmptyList: boolean;
}

/**
 * Parses canonical KDL into nodes whose places point into the original text. Null with a
 * reported syntax error; the parser stops at the first one.
 */
export function parseKdl(problems: Problems, rewritten: Rewritten): KdlNode[] | null {
  const { source } = problems;
  const locate = (start: number, end: number): Place => {
    const from = rewritten.toOriginal(start);
    return { start: from, end: Math.max(from + 1, rewritten.toOriginal(end - 1) + 1), source };
  };
  const { nodes, error } = loadParser().parse(rewritten.text);
  if (error) {
    const place = locate(error.start, Math.max(error.end, error.start + 1));
    problems.report('KDL004', place, describe(error.image), {
      hint: 'a node is: name "argument" key="value" { children }, one a line or with ; between',
    });
    return null;
  }
  const convert = (token: KdlToken, top: object): KdlNode => {
    const original = (start: number, end: number): Place => ({ ...locate(start, end), top });
    const isMarker = (entry: { tag: string | undefined }) => entry.tag === EMPTY_LIST;
    const refuseTag = (tag: string | undefined, place: Place) => {
      if (tag === undefined || tag === EMPTY_LIST) return;
      problems.report('KDL007', place, `the type annotation (${tag}) has no meaning here`, {
        hint: `remove (${tag})`,
      });
    };
    const toValue = (entry: KdlToken['args'][number]): KdlValue => {
      const place = original(entry.start, entry.end);
      refuseTag(entry.tag, place);
      return { value: entry.value, place };
    };
    const place = original(token.start, token.end);
    refuseTag(token.tag, place);
    return {
      name: token.name,
      namePlace: original(token.nameStart, token.nameEnd),
      place,
      args: token.args.filter((entry) => !isMarker(entry)).map(toValue),
      properties: token.properties.map((property) => ({
        key: property.key,
        keyPlace: original(property.keyStart, property.keyEnd),
        place: original(property.start, property.end),
        value: isMarker(property.value) ? null : toValue(property.value),
      })),
      children: token.children.map((child) => convert(child, top)),
      hasEmptyList: token.args.some(isMarker),
    };
  };
  return nodes.map((token) => convert(token, token));
}

/** The parser's own sentences speak of its tokens; ours of what stands there. */
function describe(image: string): string {
  if (image === '') return 'the file ends in the middle of a node';
  if (/^[\r\n]/.test(image)) return 'the line ends in the middle of a value';
  const shown = image.length > 24 ? `${image.slice(0, 24)}…` : image;
  return `${JSON.stringify(shown)} cannot stand here`;
}
