import { MAX_GENERATED, MAX_GENERATED_IN_ALL, MAX_RUN_NODES } from '#core/growth.ts';
import { type Leg, nameLeg } from '#core/legs.ts';
import { readString } from './interpolate.ts';
import { expandMatrix, type Matrix } from './matrix.ts';
import { checkName } from './names.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import { comparePlaces, type Place } from './source.ts';
import { findWord } from './values.ts';

/** A stage or gate of the file under its base name, before its legs are made. */
export interface Declaration {
  kind: 'stage' | 'gate';
  name: string;
  node: WordNode;
  namePlace: Place;
  /** Position among stages and gates of the file, from 1. */
  index: number;
  matrix: Matrix | null;
  /** The stage of the open run that wrote it. */
  generatedBy: string | null;
}

/** A node of the graph: a stage, a gate, or one leg. */
export interface Vertex {
  name: string;
  declaration: Declaration;
  leg: Leg | null;
}

/** Stages and gates in the order of the file; names are unique over both. */
export function declareNodes(problems: Problems, scope: Scope, file: WordNode): Declaration[] {
  const nodes = [...(file.words.get('stage') ?? []), ...(file.words.get('gate') ?? [])];
  const ordered = nodes.toSorted((a, b) => comparePlaces(a.place, b.place));
  const declared = new Map<string, Declaration>();
  for (const [position, node] of ordered.entries()) {
    const [value] = node.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null) continue;
    const kind = node.name === 'gate' ? 'gate' : 'stage';
    if (!checkName(problems, 'stage', `a ${kind}`, name, value.place)) continue;
    const first = declared.get(name);
    if (first) {
      problems.report('KDL011', value.place, `the name "${name}" is taken`, {
        label: 'declared again here',
        related: [{ place: first.namePlace, message: 'first declared here' }],
        hint: 'stages and gates share their names',
      });
      continue;
    }
    const index = position + 1;
    const frames = node.reused?.frames;
    const inner = { ...scope, stage: { name, index }, ...(frames ? { frames } : {}) };
    const matrix = kind === 'stage' ? expandMatrix({ problems: reportIn(problems, node), scope: inner }, node) : null;
    const generatedBy = node.place.source?.generatedBy ?? null;
    declared.set(name, { kind, name, node, namePlace: value.place, index, matrix, generatedBy });
  }
  return [...declared.values()];
}

/** Problems of a node: those in the text of a template also point to where the node uses it. */
export function reportIn(problems: Problems, node: WordNode): Problems {
  return node.reused ? problems.using(node.reused.uses) : problems;
}

/** The nodes of the graph in the order of the file, each matrix as its legs. */
export function listVertices(problems: Problems, declarations: readonly Declaration[]): Vertex[] {
  const vertices = declarations.flatMap((declaration): Vertex[] => {
    const { name, matrix } = declaration;
    if (!matrix || matrix.late) return [{ name, declaration, leg: null }];
    return matrix.legs.map((leg) => ({ name: `${name}[${nameLeg(leg.axes)}]`, declaration, leg }));
  });
  const groups = Map.groupBy(vertices, (vertex) => vertex.declaration.generatedBy);
  const declared = groups.get(null) ?? [];
  groups.delete(null);
  const generated = [...groups.values()].flatMap((group) => cut(problems, group, MAX_GENERATED));
  return cut(problems, [...declared, ...cut(problems, generated, MAX_GENERATED_IN_ALL)], MAX_RUN_NODES);
}

function cut(problems: Problems, vertices: Vertex[], limit: number): Vertex[] {
  const over = vertices[limit];
  if (!over) return vertices;
  const message = `this plan has ${vertices.length} stages, legs and gates, at most ${limit} are allowed`;
  const place = findWord(over.declaration.node, 'matrix')?.namePlace ?? over.declaration.namePlace;
  problems.report('KDL023', place, message, { label: `number ${limit} is passed here` });
  return vertices.slice(0, limit);
}
