import type { Text } from '#core/text.ts';
import { findLate, interpolate, readString } from '../interpolate.ts';
import { checkName } from '../names.ts';
import { suggest } from '../nearest.ts';
import { readParam } from '../params.ts';
import type { Problems } from '../problems.ts';
import type { ParamValue, Scope } from '../scope.ts';
import type { WordNode } from '../shape.ts';
import { findWord, listWord, readText } from '../values.ts';

/**
 * The parameters of a template for one stage: what its `with` gives, else the default, as the type that the template
 * declares. A string may be late (an output, say): it is then resolved where it stands when the stage runs.
 */
export function readTemplateParams(
  problems: Problems,
  scopes: { outer: Scope; inner: Scope },
  template: WordNode,
  call: WordNode,
): Map<string, ParamValue> {
  const params = new Map<string, ParamValue>();
  const given = listGiven(problems, call);
  const missing = { place: findWord(call, 'uses')?.place ?? call.namePlace };
  for (const node of listWord(template, 'param')) {
    const [value] = node.args;
    const inner = { ...scopes.inner, params };
    const name = value ? readString(problems, inner, value) : null;
    if (!value || name === null || !checkName(problems, 'identifier', 'a parameter', name, value.place)) continue;
    if (params.has(name)) {
      problems.report('KDL011', value.place, `the parameter "${name}" is declared twice`);
      continue;
    }
    const read = (text: string | null) =>
      readParam(problems, inner, node, name, text === null ? null : { text, place: said?.place ?? value.place }, {
        ...missing,
        hint: `give it: with "${name}" "…"`,
      });
    const said = given.get(name);
    const text = said ? readGiven(problems, scopes.outer, said) : null;
    if (!said) params.set(name, read(null));
    else if (typeof text === 'string') params.set(name, read(text));
    else
      params.set(
        name,
        text === null ? null : keepLate(problems, { scope: inner, outer: scopes.outer }, node, said, text),
      );
  }
  for (const [name, node] of given) {
    if (params.has(name)) continue;
    const place = node.args[0]?.place ?? node.place;
    const hint = suggest(name, [...params.keys()]) ?? 'it has no parameters';
    problems.report('KDL038', place, `the template has no parameter "${name}"`, { hint });
  }
  return params;
}

function listGiven(problems: Problems, call: WordNode): Map<string, WordNode> {
  const given = new Map<string, WordNode>();
  for (const node of listWord(call, 'with')) {
    const name = node.args[0]?.value;
    if (typeof name !== 'string') continue;
    const first = given.get(name);
    if (first) {
      problems.report('KDL010', node.place, `"${name}" is given twice`, {
        related: [{ place: first.place, message: 'first given here' }],
        hint: 'several values of a list stand in one with',
      });
    } else given.set(name, node);
  }
  return given;
}

/** One value as its text; several as a JSON list. */
function readGiven(problems: Problems, outer: Scope, node: WordNode): Text | null {
  const texts = node.args
    .slice(1)
    .map((value) =>
      typeof value.value === 'string' ? interpolate(problems, outer, value, { secrets: false }) : String(value.value),
    );
  const [only] = texts;
  if (texts.length === 1) return only ?? null;
  return texts.every((text) => typeof text === 'string') ? JSON.stringify(texts) : null;
}

function keepLate(
  problems: Problems,
  { scope, outer }: { scope: Scope; outer: Scope },
  param: WordNode,
  given: WordNode,
  text: Exclude<Text, string>,
): ParamValue {
  const type = readText({ problems, scope }, param, 'type') ?? 'string';
  if (type === 'string' && !findWord(param, 'match')) return text;
  const late = findLate(outer, text);
  // Without facts the value is merely unknown.
  if (late !== null) {
    problems.report('KDL028', given.place, `"${late}" is not known yet when the run is planned`, {
      hint: 'only a parameter of type string without match may have a value that comes later',
    });
  }
  return null;
}
