import type { Condition, PlanValue } from '#core/plan.ts';
import { evaluateCondition, type Mentions, parseCondition } from './expression.ts';
import { GIT_FIELDS, PR_FIELDS } from './facts.ts';
import { reportLookup } from './interpolate.ts';
import type { KdlValue } from './kdl.ts';
import { suggest } from './nearest.ts';
import { normalizeCondition } from './older-condition.ts';
import type { Problems } from './problems.ts';
import { scopeAt } from './reuse/frames.ts';
import { lookUp, type Scope } from './scope.ts';
import type { Place } from './source.ts';
import { placeWithin } from './strings.ts';

/** A compiled condition, and the outputs without which its node is skipped. */
export interface CompiledCondition {
  condition: Condition;
  required: string[];
}

const LATE_FUNCTIONS = ['success', 'failure', 'cancelled'];
const FUNCTIONS = [...LATE_FUNCTIONS, 'changed', 'glob'];

/** Fields that stand for themselves when an expression names a root alone or computes a field. */
const FIELDS = new Map<string, readonly string[]>([
  ['git', GIT_FIELDS],
  ['pr', PR_FIELDS],
]);

/**
 * Compiles `when` (LANGUAGE §6): decided now where the facts of the trigger are enough,
 * else late with those facts beside it. Null when it is wrong (reported).
 */
export function compileCondition(problems: Problems, outer: Scope, value: KdlValue): CompiledCondition | null {
  if (typeof value.value !== 'string') return null;
  const scope = scopeAt(problems, outer, value.place);
  const { expression, quoted, inQuotes } = normalizeCondition(value.value);
  for (const reference of inQuotes) {
    const place = placeWithin(problems.source, value, reference.start, reference.end);
    problems.report('KDL026', place, 'a reference inside quotes is text here, not its value', {
      hint: `write the path without quotes and braces: ${reference.path.join('.')}`,
    });
  }
  if (inQuotes.length > 0) return null;
  for (const word of quoted) {
    problems.report('KDL042', value.place, `the bare word ${word} is taken as a string`, {
      hint: `write it in quotes: '${word}'`,
    });
  }
  const parsed = parseCondition(expression);
  const placeOf = (start: number, end: number): Place =>
    expression === value.value ? placeWithin(problems.source, value, start, end) : value.place;
  if (parsed.kind === 'error') {
    problems.report('KDL035', placeOf(parsed.start, parsed.end), `this condition is wrong: ${parsed.message}`);
    return null;
  }
  const resolved = resolveMentions(problems, scope, parsed.mentions, placeOf);
  if (!resolved) return null;
  const { facts, reads, required, isOpen } = resolved;
  const isLate = parsed.mentions.functions.some(({ name }) => LATE_FUNCTIONS.includes(name));
  if (isLate || reads.length > 0 || isOpen) {
    return { condition: { kind: 'late', expression, reads, facts }, required };
  }
  const functions = { success: true, failure: false, cancelled: false };
  const result = evaluateCondition(expression, facts, { values: {}, functions });
  if (result.kind === 'error') {
    problems.report('KDL037', value.place, `this condition fails: ${result.message}`, {
      hint: 'a condition that fails is an error, never "false"; guard with has(…)',
    });
    return null;
  }
  const { value: decision, values } = result;
  return { condition: { kind: 'decided', value: decision, expression, values }, required: [] };
}

interface Resolved {
  facts: Record<string, PlanValue | null>;
  reads: string[];
  required: string[];
  isOpen: boolean;
}

function resolveMentions(
  problems: Problems,
  scope: Scope,
  { paths, functions }: Mentions,
  placeOf: (start: number, end: number) => Place,
): Resolved | null {
  const resolved: Resolved = { facts: {}, reads: [], required: [], isOpen: false };
  let isWhole = true;
  for (const { name, start, end } of functions) {
    if (name !== 'matches') continue;
    isWhole = false;
    problems.report('KDL036', placeOf(start, end), 'matches() is refused in conditions', {
      hint: 'a pattern that backtracks can hang; use glob(value, "release/*"), startsWith, endsWith or contains',
    });
  }
  for (const { path, start, end, isGuarded } of paths.flatMap(expandRoot(scope))) {
    const found = lookUp(scope, path);
    const dotted = path.join('.');
    if (path[0] === 'secrets') {
      isWhole = false;
      problems.report('KDL029', placeOf(start, end), 'a secret may not stand in a condition');
    } else if (found.kind === 'late') {
      if (!resolved.reads.includes(found.ref)) resolved.reads.push(found.ref);
      const isOutput = path[2] === 'outputs';
      if (isOutput && !isGuarded && !resolved.required.includes(found.ref)) resolved.required.push(found.ref);
    } else if (found.kind === 'known') resolved.facts[dotted] = found.value;
    else if (found.kind === 'text' && typeof found.text === 'string') resolved.facts[dotted] = found.text;
    else if (found.kind === 'open') resolved.isOpen = true;
    else if (found.kind === 'text') {
      isWhole = false;
      problems.report('KDL028', placeOf(start, end), `"${dotted}" is not known yet when the run is planned`);
    } else if (isGuarded && found.code === 'KDL027') continue;
    else {
      isWhole = false;
      const unknown = path.length === 1 ? suggest(path[0] ?? '', FUNCTIONS) : undefined;
      const guard = found.code === 'KDL027' ? `guard it: has(${dotted}) && …` : undefined;
      const hint = guard ?? found.hint ?? unknown;
      reportLookup(problems, placeOf(start, end), { ...found, ...(hint ? { hint } : {}) });
    }
  }
  return isWhole ? resolved : null;
}

type Mention = Mentions['paths'][number];

/** `git` alone, or `params[name]`, looks at every field of its root. */
function expandRoot(scope: Scope): (mention: Mention) => Mention[] {
  return (mention) => {
    const [root = ''] = mention.path;
    if (mention.path.length > 1) return [mention];
    const names =
      root === 'params'
        ? [...scope.params.keys()]
        : root === 'matrix'
          ? Object.keys(scope.matrix ?? {})
          : (FIELDS.get(root) ?? []);
    if (names.length === 0) return [mention];
    return names.map((name) => ({ ...mention, path: [root, name], isGuarded: true }));
  };
}
