import type { LateMatrix } from './plan.ts';

/** One combination: `axes` make its name, `values` also hold what `include` adds. */
export interface Leg {
  axes: Record<string, string>;
  values: Record<string, string>;
}

export interface Axis {
  name: string;
  values: string[];
}

/** More are refused before any is made (LANGUAGE §4). */
export const MAX_LEGS = 256;

/** A value becomes part of names: no quotes, brackets, commas, `=` or line breaks. */
export const LEG_VALUE = /^[A-Za-z0-9_.:/ +@-]{1,60}$/;

/** `node=22,os=linux`: axes sorted by name, so that a leg has one name only. */
export function nameLeg(axes: Readonly<Record<string, string>>): string {
  return Object.entries(sortAxes(axes))
    .map(([axis, value]) => `${axis}=${value}`)
    .join(',');
}

/** The record with its keys sorted. */
export function sortAxes(axes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(axes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every combination of the axes, in their order. */
export function combineAxes(axes: readonly Axis[]): Leg[] {
  let combinations: Record<string, string>[] = [{}];
  for (const { name, values } of axes) {
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return combinations.map((one) => ({ axes: one, values: { ...one } }));
}

/** Whether a leg has all of these values. */
export function isLegOf(axes: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => axes[name] === value);
}

/** Adds an `include` to the legs: to those it matches, or as a leg of its own. Else says what is wrong with it. */
export function includeLeg(
  legs: Leg[],
  axes: readonly Pick<Axis, 'name'>[],
  wanted: Readonly<Record<string, string>>,
): 'included' | 'adds-nothing' | 'matches-none' {
  const entries = Object.entries(wanted);
  const isAxis = ([name]: [string, string]) => axes.some((axis) => axis.name === name);
  const onAxes = Object.fromEntries(entries.filter(isAxis));
  const extra = Object.fromEntries(entries.filter((entry) => !isAxis(entry)));
  const matching = legs.filter((leg) => isLegOf(leg.axes, onAxes));
  if (matching.length > 0) {
    for (const leg of matching) Object.assign(leg.values, extra);
    return Object.keys(extra).length > 0 ? 'included' : 'adds-nothing';
  }
  const isWhole = Object.keys(onAxes).length === axes.length;
  if (!isWhole || !Object.values(onAxes).every((one) => LEG_VALUE.test(one))) return 'matches-none';
  legs.push({ axes: onAxes, values: { ...onAxes, ...extra } });
  return 'included';
}

export type LateLegs = { kind: 'legs'; legs: Leg[] } | { kind: 'refused'; message: string };

/**
 * The legs of a matrix whose axes an output gave; `lists` are the outputs as they stand, by path. An empty list makes no
 * leg. What the file cannot know is no error of it: an `exclude` that matches nothing is fine here.
 */
export function expandLate(matrix: LateMatrix, lists: Readonly<Record<string, string>>): LateLegs {
  const axes: Axis[] = [];
  for (const axis of matrix.axes) {
    if ('values' in axis) {
      axes.push(axis);
      continue;
    }
    const values = parseList(lists[axis.from] ?? '');
    if (typeof values === 'string') return refuse(`${axis.from}, the axis "${axis.name}", ${values}`);
    axes.push({ name: axis.name, values });
  }
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (count > MAX_LEGS) return refuse(`the matrix has ${count} legs, at most ${MAX_LEGS} are allowed`);
  const legs = combineAxes(axes).filter((leg) => !matrix.exclude.some((wanted) => isLegOf(leg.axes, wanted)));
  for (const wanted of matrix.include) {
    // What a list happens to hold already is no mistake.
    if (includeLeg(legs, axes, wanted) !== 'matches-none') continue;
    const names = axes.map((axis) => axis.name).join(', ');
    return refuse(`the include ${nameLeg(wanted)} matches no leg; to add one it names every axis: ${names}`);
  }
  return legs.length > MAX_LEGS
    ? refuse(`the matrix has ${legs.length} legs, at most ${MAX_LEGS} are allowed`)
    : { kind: 'legs', legs };
}

function refuse(message: string): LateLegs {
  return { kind: 'refused', message };
}

/** The values of a JSON list of strings (numbers and truth values count as their text), or what is wrong with it. */
function parseList(text: string): string[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return `is no JSON list: ${shorten(text)}`;
  }
  if (!Array.isArray(parsed)) return `is no JSON list: ${shorten(text)}`;
  const values: string[] = [];
  for (const one of parsed as unknown[]) {
    const value = typeof one === 'number' || typeof one === 'boolean' ? String(one) : one;
    if (typeof value !== 'string' || !LEG_VALUE.test(value)) {
      return `holds ${shorten(JSON.stringify(one))}; a value has letters, digits and _ . : / + @ - or blanks, at most 60`;
    }
    if (values.includes(value)) return `holds ${shorten(JSON.stringify(value))} twice`;
    values.push(value);
  }
  return values;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
