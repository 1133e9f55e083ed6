import { type Axis, combineAxes, includeLeg, isLegOf, type Leg, LEG_VALUE, MAX_LEGS } from '#core/legs.ts';
import { readString } from './interpolate.ts';
import { checkName } from './names.ts';
import type { WordNode } from './shape.ts';
import { findWord, listWord, readFlag, readInteger, type Reading } from './values.ts';

export interface Matrix {
  legs: Leg[];
  /** Values that `include` adds to some legs, as null: every leg knows their names. */
  extras: Record<string, null>;
  failFast: boolean;
  maxParallel: number | null;
}

const NO_LEGS: Matrix = { legs: [], extras: {}, failFast: true, maxParallel: null };

/**
 * The legs of a stage's matrix: every combination of the axes in their order, `exclude`
 * before `include` (LANGUAGE §4). Too many are refused before any is made.
 */
export function expandMatrix(reading: Reading, stage: WordNode): Matrix | null {
  const node = findWord(stage, 'matrix');
  if (!node) return null;
  const axes = readAxes(reading, node);
  if (axes === null) return NO_LEGS;
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (count > MAX_LEGS) {
    const message = `this matrix has ${count.toLocaleString('en-US')} legs, at most ${MAX_LEGS} are allowed`;
    reading.problems.report('KDL020', node.namePlace, message, {
      hint: 'split the stage, or take values out of an axis',
    });
    return NO_LEGS;
  }
  const legs = applyExcludes(reading, node, axes, combineAxes(axes));
  applyIncludes(reading, node, axes, legs);
  if (legs.length > MAX_LEGS || legs.length === 0) {
    reading.problems.report('KDL020', node.namePlace, `this matrix has ${legs.length} legs`, {
      hint: `it wants 1 to ${MAX_LEGS}`,
    });
  }
  const names = legs.flatMap((leg) => Object.keys(leg.values));
  return {
    legs: legs.slice(0, MAX_LEGS),
    extras: Object.fromEntries(names.map((name) => [name, null])),
    failFast: readFlag(node, 'fail-fast', true),
    maxParallel: readInteger(reading, node, 'max-parallel', { min: 1, max: MAX_LEGS }),
  };
}

function readAxes({ problems, scope }: Reading, node: WordNode): Axis[] | null {
  const axes: Axis[] = [];
  let isWhole = true;
  const fail = (...report: Parameters<typeof problems.report>) => {
    isWhole = false;
    problems.report(...report);
  };
  const nodes = listWord(node, 'axis');
  if (nodes.length === 0) fail('KDL022', node.namePlace, 'a matrix wants at least one axis');
  for (const one of nodes) {
    const [first, ...rest] = one.args;
    const name = first ? readString(problems, scope, first) : null;
    if (name === null || !first) {
      isWhole = false;
      continue;
    }
    if (!checkName(problems, 'identifier', 'an axis', name, first.place)) isWhole = false;
    if (axes.some((axis) => axis.name === name)) {
      fail('KDL022', first.place, `the axis "${name}" is declared twice`);
    }
    const values: string[] = [];
    for (const value of rest) {
      const text = readString(problems, scope, value);
      if (text === null) isWhole = false;
      else if (!LEG_VALUE.test(text)) {
        fail('KDL022', value.place, `${JSON.stringify(text)} is no value of an axis`, {
          hint: 'it becomes part of names: no quotes, brackets, commas, = or line breaks, at most 60',
        });
      } else if (values.includes(text)) {
        fail('KDL022', value.place, `the axis "${name}" has the value "${text}" twice`);
      } else values.push(text);
    }
    axes.push({ name, values });
  }
  return isWhole && axes.every((axis) => axis.values.length > 0) ? axes : null;
}

function applyExcludes(reading: Reading, node: WordNode, axes: readonly Axis[], legs: Leg[]): Leg[] {
  let kept = legs;
  for (const exclude of listWord(node, 'exclude')) {
    const wanted = readValues(reading, exclude);
    if (!wanted) continue;
    const foreign = Object.keys(wanted).find((name) => !axes.some((axis) => axis.name === name));
    const next = kept.filter((leg) => !isLegOf(leg.axes, wanted));
    if (foreign !== undefined || next.length === kept.length) {
      reading.problems.report('KDL021', exclude.place, 'this exclude matches no leg', {
        ...(foreign === undefined ? {} : { label: `there is no axis "${foreign}"` }),
      });
    }
    kept = next;
  }
  return kept;
}

/** Merges into the legs it matches; naming all axes of none, it is a leg of its own (E11). */
function applyIncludes(reading: Reading, node: WordNode, axes: readonly Axis[], legs: Leg[]): void {
  for (const include of listWord(node, 'include')) {
    const wanted = readValues(reading, include);
    if (!wanted) continue;
    const effect = includeLeg(legs, axes, wanted);
    if (effect !== 'included') {
      const message = effect === 'adds-nothing' ? 'this include adds nothing' : 'this include matches no leg';
      reading.problems.report('KDL021', include.place, message, {
        hint: `to add a leg it names every axis: ${axes.map((axis) => axis.name).join(', ')}`,
      });
    }
  }
}

function readValues({ problems, scope }: Reading, node: WordNode): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const own of node.own) {
    const [value] = own.args;
    const text = value ? readString(problems, scope, value) : null;
    if (text === null) return null;
    if (!checkName(problems, 'identifier', 'an axis', own.name, own.namePlace)) return null;
    values[own.name] = text;
  }
  if (node.own.length > 0) return values;
  problems.report('KDL021', node.place, `this ${node.name} names no axis`);
  return null;
}
