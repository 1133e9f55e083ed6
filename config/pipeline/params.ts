import { PARAM_TYPES, type ParamType } from '#core/param.ts';
import type { PlanValue } from '#core/plan.ts';
import { readString } from './interpolate.ts';
import { checkName } from './names.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Scope } from './scope.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { findWord, listWord, matchesPattern, readChoice, readFlag, readList, readPattern, readText } from './values.ts';

/**
 * The parameters of a run: what was given (`--param K=V`), else the default, as the type
 * that the file declares. Null stands for "no value known", which only validation has.
 */
export function readParams(
  problems: Problems,
  scope: Scope,
  pipeline: WordNode | null,
  given: Readonly<Record<string, string>>,
): Map<string, PlanValue | null> {
  const params = new Map<string, PlanValue | null>();
  for (const node of pipeline ? listWord(pipeline, 'param') : []) {
    const [value] = node.args;
    const inner = { ...scope, params };
    const name = value ? readString(problems, inner, value) : null;
    if (!value || name === null || !checkName(problems, 'identifier', 'a parameter', name, value.place)) {
      continue;
    }
    if (params.has(name)) {
      problems.report('KDL011', value.place, `the parameter "${name}" is declared twice`);
      continue;
    }
    const text = Object.hasOwn(given, name) ? given[name] : undefined;
    const { place } = value;
    params.set(name, readParam(problems, inner, node, name, text === undefined ? null : { text, place }, { place }));
  }
  const place = { start: 0, end: 1 };
  for (const name of Object.keys(given)) {
    if (params.has(name)) continue;
    const hint = suggest(name, [...params.keys()]) ?? 'declare it: pipeline "…" { param "NAME" }';
    problems.report('KDL038', place, `there is no parameter "${name}"`, { hint });
  }
  return params;
}

/** A value that is given, and the place to complain about when it is none. */
export interface Given {
  text: string;
  place: Place;
}

/** The value of one parameter: the given one, else the default, as the declared type. Null when nothing is known. */
export function readParam(
  problems: Problems,
  scope: Scope,
  node: WordNode,
  name: string,
  given: Given | null,
  missing: { place: Place; hint?: string },
): PlanValue | null {
  const reading = { problems, scope };
  const type = readChoice(reading, node, 'type', PARAM_TYPES) ?? 'string';
  const match = readPattern(reading, node, 'match');
  const values = readList(reading, node, 'values').map((one) => one.text);
  readText(reading, node, 'description');
  const place = node.args[0]?.place ?? node.place;
  if (type === 'enum' && values.length === 0) {
    problems.report('KDL016', place, `the enum "${name}" has no values`, {
      hint: 'add: values "a" "b"',
    });
  }
  if (type !== 'enum' && findWord(node, 'values')) refuse(problems, node, 'values', 'enum');
  if (type !== 'string' && findWord(node, 'match')) refuse(problems, node, 'match', 'string');
  const accept = (text: string): PlanValue | string[] | null => {
    const parsed = parseParam(type, text, values);
    if (typeof parsed === 'string' && match !== null && !matchesPattern(match, parsed)) return null;
    return parsed;
  };
  const expected = match === null ? EXPECTED[type] : `a string that matches ${match}`;
  const wanted = type === 'enum' ? `one of ${values.join(', ')}` : expected;

  const defaults = readList(reading, node, 'default');
  const first = defaults[0];
  let fallback: PlanValue | null = null;
  if (first && type === 'list') fallback = defaults.map((one) => one.text);
  else if (first) {
    fallback = defaults.length === 1 ? accept(first.text) : null;
    if (fallback === null) {
      problems.report('KDL038', first.value.place, `the default of "${name}" is not ${wanted}`);
    }
  }
  if (given) {
    const value = accept(given.text);
    if (value === null) {
      const shown = type === 'secret' ? 'the value given' : JSON.stringify(given.text);
      problems.report('KDL038', given.place, `${shown} is no value for the parameter "${name}"`, {
        label: `wants ${wanted}`,
      });
    }
    return value;
  }
  const isRequired = readFlag(node, 'required');
  if (scope.facts && first === undefined && (isRequired || type !== 'string')) {
    problems.report('KDL038', missing.place, `the parameter "${name}" has no value`, {
      hint: missing.hint ?? `give it: --param ${name}=… (${wanted})`,
    });
  }
  if (first !== undefined) return fallback;
  return scope.facts && type === 'string' && !isRequired ? '' : null;
}

const EXPECTED: Readonly<Record<ParamType, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  enum: 'one of its values',
  list: 'a list: a,b,c or a JSON list of strings',
  secret: 'the name of a secret',
};

/** A parameter's text as its type; null when it is none. */
function parseParam(type: ParamType, text: string, values: readonly string[]): PlanValue | null {
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'enum':
      return values.includes(text) ? text : null;
    case 'list':
      return parseList(text);
    case 'secret':
      return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(text) ? text : null;
    default:
      throw new Error(`unknown type ${String(type satisfies never)}`);
  }
}

function parseList(text: string): string[] | null {
  if (!text.trimStart().startsWith('[')) return text === '' ? [] : text.split(',');
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') ? parsed : null;
  } catch {
    return null;
  }
}

function refuse(problems: Problems, node: WordNode, word: string, type: string): void {
  const found = findWord(node, word);
  if (!found) return;
  problems.report('KDL017', found.namePlace, `"${word}" belongs to a parameter of type ${type}`);
}
