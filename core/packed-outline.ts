import type { Outline, OutlineNode } from './outline.ts';
import type { Edge } from './plan.ts';

/**
 * An outline in which what nodes have in common stands once: legs of a matrix differ in their name alone, and all of
 * them need the same. So 5,000 stages fit into a payload (Temporal: 2 MiB).
 */
export interface PackedOutline extends Omit<Outline, 'nodes'> {
  /** Nodes without name and needs. */
  shapes: Omit<OutlineNode, 'name' | 'needs'>[];
  /** Lists of edges; `to` by its place in `packed`. */
  needs: [to: number, on: Edge['on']][][];
  /** In plan order. */
  packed: [name: string, shape: number, needs: number][];
}

/** Outlines up to here stay as they are: people read them in Temporal's own web interface. */
const PACKED_ABOVE = 500;

/** Takes what is large apart; the rest is answered as it is. */
export function packOutline(outline: Outline): Outline | PackedOutline {
  const { nodes, ...rest } = outline;
  if (nodes.length <= PACKED_ABOVE) return outline;
  const places = new Map(nodes.map((node, index) => [node.name, index]));
  const shapes = createPool<Omit<OutlineNode, 'name' | 'needs'>>();
  const needs = createPool<[number, Edge['on']][]>();
  const packed = nodes.map(({ name, needs: edges, ...shape }): [string, number, number] => {
    const list = edges.map(({ to, on }): [number, Edge['on']] => [requirePlace(places, to), on]);
    return [name, shapes.add(shape), needs.add(list)];
  });
  return { ...rest, shapes: shapes.values, needs: needs.values, packed };
}

export function unpackOutline(outline: Outline | PackedOutline): Outline {
  if ('nodes' in outline) return outline;
  const { shapes, needs: lists, packed, ...rest } = outline;
  const needs = lists.map((list) => list.map(([to, on]): Edge => ({ to: packed[to]?.[0] ?? '', on })));
  const nodes = packed.map(([name, shape, list]) => {
    return { ...shapes[shape], name, needs: needs[list] ?? [] } as OutlineNode;
  });
  return { ...rest, nodes };
}

/** Values that are kept once, however often they come, and where each is kept. */
export interface Pool<Value> {
  readonly values: Value[];
  add(value: Value): number;
}

export function createPool<Value>(): Pool<Value> {
  const values: Value[] = [];
  const places = new Map<string, number>();
  return {
    values,
    add(value) {
      const key = JSON.stringify(value);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, values.length);
      return values.push(value) - 1;
    },
  };
}

function requirePlace(places: ReadonlyMap<string, number>, name: string): number {
  const place = places.get(name);
  if (place === undefined) throw new Error(`${name} is needed and is no node`);
  return place;
}
