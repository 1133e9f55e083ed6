import type { Edge } from '#core/plan.ts';
import { EDGE_KINDS } from '#core/plan.ts';
import { type Ancestors, findAncestors } from './ancestors.ts';
import { type Declaration, reportIn, type Vertex } from './declarations.ts';
import { readString } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { findNearest, suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { findWord, listWord, readChoice } from './values.ts';

/** An edge with what only the compiler needs of it. */
export interface Need extends Edge {
  /** Whether artifacts come along (`fetch`). */
  fetch: boolean;
  place: Place;
  /** The generator that is needed, where it is what it generated that is waited for. */
  via?: string;
}

export interface Graph {
  vertices: Vertex[];
  byName: ReadonlyMap<string, Vertex>;
  groups: ReadonlyMap<string, Vertex[]>;
  needs: ReadonlyMap<string, Need[]>;
  /** Null where there is a cycle, which has been reported. */
  ancestors: Ancestors | null;
}

/** Needs of all nodes together: each leg of one matrix that needs another has one for each of its legs. */
const MAX_EDGES = 100_000;

/** Resolves every need, reports unknown ones and cycles, and answers the graph. */
export function buildGraph(
  problems: Problems,
  declarations: readonly Declaration[],
  vertices: Vertex[],
  scopeOf: (vertex: Vertex) => Scope,
): Graph {
  const byName = new Map(vertices.map((vertex) => [vertex.name, vertex]));
  const groups = Map.groupBy(
    vertices.filter((vertex) => vertex.leg !== null),
    (vertex) => vertex.declaration.name,
  );
  const resolve = createResolver(problems, declarations, byName, groups);
  let edges = 0;
  const needs = new Map(
    vertices.map((vertex) => {
      const reporter = reportIn(problems, vertex.declaration.node);
      const read = edges > MAX_EDGES ? [] : readNeeds(reporter, scopeOf(vertex), vertex, resolve);
      edges += read.length;
      if (edges > MAX_EDGES && read.length > 0) reportEdges(reporter, vertex);
      return [vertex.name, read];
    }),
  );
  const waits = waitForGenerated(vertices, needs);
  const cycle = findCycle(vertices, waits);
  if (cycle) reportCycle(problems, cycle);
  return { vertices, byName, groups, needs, ancestors: cycle ? null : findAncestors(waits) };
}

function reportEdges(problems: Problems, { declaration }: Vertex): void {
  const message = `the needs of this plan are more than ${MAX_EDGES} edges`;
  problems.report('KDL023', declaration.namePlace, message, {
    label: 'the limit is passed here',
    hint: 'put a stage between two matrices: the legs of one need it, and it needs those of the other',
  });
}

/** Whoever needs a generator waits for what it has generated, which itself waits for the generator. */
function waitForGenerated(
  vertices: readonly Vertex[],
  needs: ReadonlyMap<string, Need[]>,
): ReadonlyMap<string, Need[]> {
  const generated = vertices.filter((vertex) => vertex.declaration.generatedBy !== null);
  if (generated.length === 0) return needs;
  const waits = new Map(needs);
  // In the order in which they came: what a generated stage has generated comes after it.
  for (const [by, group] of Map.groupBy(generated, (vertex) => vertex.declaration.generatedBy ?? '')) {
    for (const [name, edges] of waits) {
      const edge = edges.find((need) => need.to === by);
      if (!edge || group.some((vertex) => vertex.name === name)) continue;
      const more = group.filter((vertex) => !edges.some((need) => need.to === vertex.name));
      waits.set(name, [...edges, ...more.map((vertex) => ({ ...edge, to: vertex.name, via: by }))]);
    }
  }
  return waits;
}

type Resolve = (name: string, place: Place) => string[];

function createResolver(
  problems: Problems,
  declarations: readonly Declaration[],
  byName: ReadonlyMap<string, Vertex>,
  groups: ReadonlyMap<string, Vertex[]>,
): Resolve {
  return (name, place) => {
    const group = groups.get(name);
    if (group) return group.map((leg) => leg.name);
    if (byName.has(name)) return [name];
    const base = declarations.find((one) => one.name === name.replace(/\[.*$/, ''));
    if (base && name.includes('[')) {
      const legs = groups.get(base.name)?.map((leg) => leg.name) ?? [];
      const message = base.matrix ? `"${base.name}" has no leg "${name}"` : `"${base.name}" has no matrix`;
      const hint = suggest(name, legs);
      problems.report('KDL012', place, message, {
        ...(hint ? { hint } : {}),
        related: [{ place: base.namePlace, message: 'declared here' }],
      });
      return [];
    }
    // A stage whose own declaration is wrong has been reported already.
    if (declarations.some((one) => one.name === name)) return [];
    const names = declarations.map((one) => one.name);
    const nearest = findNearest(name, names);
    const near = declarations.find((one) => one.name === nearest);
    const hint = suggest(name, names);
    problems.report('KDL012', place, `unknown stage "${name}" in needs`, {
      label: 'no stage has this name',
      ...(hint ? { hint } : {}),
      related: near ? [{ place: near.namePlace, message: 'the nearest name is declared here' }] : [],
    });
    return [];
  };
}

/**
 * What an edge without an `on` wants. Behind `run-on="failure"` or `"always"` it only says "after": if it wanted success
 * there, a finally that needs the stage which failed would never run, and the word would have done nothing.
 */
function readPlainEdge(node: WordNode): Edge['on'] {
  const runOn = findWord(node, 'run-on')?.args[0]?.value ?? 'success';
  return runOn === 'success' ? 'success' : 'any';
}

function readNeeds(problems: Problems, scope: Scope, vertex: Vertex, resolve: Resolve): Need[] {
  const { node, generatedBy, namePlace } = vertex.declaration;
  const found = new Map<string, Need>();
  const add = (value: KdlValue, on: Edge['on'], fetch: boolean) => {
    const name = readString(problems, scope, value);
    if (name === null) return;
    const { place } = value;
    for (const to of resolve(name, place)) {
      const first = found.get(to);
      if (first) {
        problems.report('KDL010', place, `"${to}" is needed twice`, {
          related: [{ place: first.place, message: 'first needed here' }],
        });
      } else found.set(to, { to, on, fetch, place });
    }
  };
  const plain = readPlainEdge(node);
  for (const word of listWord(node, 'needs')) {
    for (const value of word.args) add(value, plain, true);
  }
  for (const word of listWord(node, 'need')) {
    const [value] = word.args;
    const on = readChoice({ problems, scope }, word, 'on', EDGE_KINDS) ?? plain;
    if (value) add(value, on, findWord(word, 'fetch')?.args[0]?.value !== false);
  }
  const isAlone = !node.words.has('needs') && !node.words.has('need');
  if (generatedBy !== null && isAlone)
    found.set(generatedBy, { to: generatedBy, on: plain, fetch: true, place: namePlace });
  return [...found.values()];
}

interface CycleStep {
  from: Vertex;
  need: Need;
}

/** The first cycle as its edges, by depth-first search without recursion. */
function findCycle(vertices: readonly Vertex[], needs: ReadonlyMap<string, Need[]>): CycleStep[] | null {
  const byName = new Map(vertices.map((vertex) => [vertex.name, vertex]));
  const done = new Set<string>();
  for (const start of vertices) {
    const path: { vertex: Vertex; next: number }[] = [{ vertex: start, next: 0 }];
    const onPath = new Set([start.name]);
    while (path.length > 0) {
      const top = path.at(-1);
      if (!top) break;
      const need = needs.get(top.vertex.name)?.[top.next++];
      if (!need || done.has(top.vertex.name)) {
        path.pop();
        onPath.delete(top.vertex.name);
        done.add(top.vertex.name);
      } else if (onPath.has(need.to)) {
        const from = path.findIndex((step) => step.vertex.name === need.to);
        return path.slice(from).flatMap(({ vertex, next }) => {
          const taken = needs.get(vertex.name)?.[next - 1];
          return taken ? [{ from: vertex, need: taken }] : [];
        });
      } else {
        const vertex = byName.get(need.to);
        if (!vertex) continue;
        path.push({ vertex, next: 0 });
        onPath.add(vertex.name);
      }
    }
  }
  return null;
}

function reportCycle(problems: Problems, cycle: readonly CycleStep[]): void {
  const [first, ...others] = cycle;
  if (!first) return;
  const names = [...cycle.map((step) => step.from.name), first.from.name];
  const shown = names.length > 12 ? [...names.slice(0, 11), '…', first.from.name] : names;
  problems.report('KDL013', first.need.place, `these stages wait for each other: ${shown.join(' → ')}`, {
    label: describeStep(first),
    related: others.slice(0, 10).map(({ from, need }) => ({
      place: need.place,
      message: describeStep({ from, need }),
    })),
    hint: 'take one of these needs out',
  });
}

function describeStep({ from, need }: CycleStep): string {
  return need.via === undefined
    ? `"${from.name}" needs "${need.to}"`
    : `"${from.name}" needs "${need.via}", which generated "${need.to}"`;
}
