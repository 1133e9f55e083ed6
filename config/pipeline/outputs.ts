import type { Vertex } from './declarations.ts';
import type { Graph } from './graph.ts';
import { suggest } from './nearest.ts';
import type { Lookup } from './scope.ts';
import { listWord } from './values.ts';

/**
 * What `stages.NAME.outputs.KEY` and `stages.NAME.result` stand for inside a node: both are
 * late, and only of ancestors, since any other stage need not have ended (LANGUAGE §4).
 */
export function lookUpStage(graph: Graph, reader: Vertex, name: string, rest: readonly string[]): Lookup {
  const [kind, key, ...more] = rest;
  const isResult = kind === 'result' && key === undefined;
  const isOutput = kind === 'outputs' && key !== undefined && more.length === 0;
  if (!isResult && !isOutput) {
    const message = `"stages.${[name, ...rest].join('.')}" is no path`;
    const hint = `write stages.${name}.outputs.KEY or stages.${name}.result`;
    return { kind: 'problem', code: 'KDL025', message, hint };
  }
  if (graph.byName.get(name)?.declaration.matrix?.late) {
    const message = `the legs of "${name}" are not known when the run is planned`;
    return { kind: 'problem', code: 'KDL031', message, hint: 'keep what they have in common as an artifact' };
  }
  const group = graph.groups.get(name);
  if (group) {
    const legs = group.slice(0, 6).map((leg) => `stages.${leg.name}.${rest.join('.')}`);
    const message = `"${name}" has a matrix: say of which leg`;
    return { kind: 'problem', code: 'KDL031', message, hint: `name a leg: ${legs.join(', ')}` };
  }
  const vertex = graph.byName.get(name);
  if (!vertex) {
    const hint = suggest(name, [...graph.byName.keys()]);
    const message = `there is no stage "${name}"`;
    return { kind: 'problem', code: 'KDL025', message, ...(hint ? { hint } : {}) };
  }
  if (graph.ancestors && !graph.ancestors.has(reader.name, name)) {
    const isOwn = name === reader.name;
    const message = isOwn
      ? `"${name}" reads its own outputs`
      : `"${reader.name}" reads from "${name}" but does not wait for it`;
    const hint = isOwn ? 'keep the value in a variable of the script' : `add: needs "${name}"`;
    return { kind: 'problem', code: 'KDL030', message, hint };
  }
  if (isOutput && vertex.declaration.kind === 'gate' && !hasField(vertex, key)) {
    const message = `the gate "${name}" has no field "${key}"`;
    return { kind: 'problem', code: 'KDL025', message, hint: `add inside the gate: field "${key}"` };
  }
  return { kind: 'late', ref: `stages.${name}.${rest.join('.')}` };
}

function hasField(vertex: Vertex, key: string): boolean {
  return listWord(vertex.declaration.node, 'field').some((field) => field.args[0]?.value === key);
}
