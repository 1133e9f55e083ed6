import { type Axis, combineAxes, includeLeg, isLegOf, type Leg, LEG_VALUE, MAX_LEGS } from '#core/legs.ts';
import type { LateMatrix } from '#core/plan.ts';
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
  /** An axis is the output of another stage: the legs are made when it is known. */
  late?: LateMatrix;
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
  if (!axes.every((axis) => 'values' in axis)) return describeLate(reading, node, axes);
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
    extras: describeExtras(names),
    ...readTerms(reading, node),
  };
}

/** The matrix of which an axis is not known yet: what it leaves out and adds is kept with it. */
function describeLate(reading: Reading, node: WordNode, axes: LateMatrix['axes']): Matrix {
  const readAll = (word: string) => listWord(node, word).flatMap((one) => readLeg(reading, one));
  const late = { axes, exclude: readAll('exclude'), include: readAll('include') };
  for (const exclude of listWord(node, 'exclude')) {
    const foreign = exclude.own.find(({ name }) => !axes.some((axis) => axis.name === name));
    if (!foreign) continue;
    reading.problems.report('KDL021', exclude.place, 'this exclude matches no leg', {
      label: `there is no axis "${foreign.name}"`,
    });
  }
  const names = [...axes.map((axis) => axis.name), ...late.include.flatMap((one) => Object.keys(one))];
  return { legs: [], ...readTerms(reading, node), extras: describeExtras(names), late };
}

function readLeg(reading: Reading, node: WordNode): Record<string, string>[] {
  const values = readValues(reading, node);
  return values ? [values] : [];
}

function readTerms(reading: Reading, node: WordNode): Pick<Matrix, 'failFast' | 'maxParallel'> {
  return {
    failFast: readFlag(node, 'fail-fast', true),
    maxParallel: readInteger(reading, node, 'max-parallel', { min: 1, max: MAX_LEGS }),
  };
}

function describeExtras(names: readonly string[]): Matrix['extras'] {
  return Object.fromEntries(names.map((name) => [name, null]));
}

function readAxes({ problems, scope }: Reading, node: WordNode): LateMatrix['axes'] | null {
  const axes: LateMatrix['axes'] = [];
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
    const from = findWord(one, 'from');
    if (from && rest.length > 0) {
      fail('KDL022', from.namePlace, `the axis "${name}" has values and takes them from an output`, {
        hint: 'keep one of the two',
      });
    }
    if (!from && rest.length === 0) {
      fail('KDL022', one.namePlace, `the axis "${name}" has no value`, {
        hint: `write them here, or take them from an output: axis "${name}" from="stages.NAME.outputs.KEY"`,
      });
    }
    const path = from?.args[0]?.value;
    if (from && typeof path !== 'string') isWhole = false;
    axes.push(typeof path === 'string' ? { name, from: path } : { name, values });
  }
  return isWhole ? axes : null;
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
