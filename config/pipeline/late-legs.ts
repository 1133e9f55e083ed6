import { growNodes, MAX_RUN_NODES } from '#core/growth.ts';
import { expandLate, type Leg, nameLeg, sortAxes } from '#core/legs.ts';
import type { Condition, Plan, StagePlan } from '#core/plan.ts';
import { digestPlan } from './digest.ts';

export type GrownPlan =
  | { kind: 'grown'; plan: Plan; added: string[] }
  | { kind: 'none' }
  | { kind: 'refused'; message: string };

/**
 * The plan with the legs of a matrix whose axes are outputs; `lists` are these outputs as they stand, by path. The legs
 * are the stage itself with the values of each filled in.
 */
export function addLegs(plan: Plan, name: string, lists: Readonly<Record<string, string>>): GrownPlan {
  const stage = plan.nodes.find((node) => node.name === name);
  if (stage?.kind !== 'stage' || !stage.lateMatrix) throw new Error(`${name} has no matrix to expand`);
  const expanded = expandLate(stage.lateMatrix, lists);
  if (expanded.kind === 'refused') return expanded;
  const legs = expanded.legs.map((leg) => fillLeg(stage, leg));
  if (legs.length === 0) return { kind: 'none' };
  const count = plan.nodes.length + legs.length;
  if (count > MAX_RUN_NODES) {
    return { kind: 'refused', message: `the run would have ${count} stages, at most ${MAX_RUN_NODES} are allowed` };
  }
  const names = legs.map((leg) => leg.name);
  const group = plan.groups[stage.stage] ?? { failFast: true, maxParallel: null };
  const { digest: _, ...rest } = plan;
  const grown: Omit<Plan, 'digest'> = {
    ...rest,
    nodes: growNodes(plan.nodes, name, legs),
    groups: { ...plan.groups, [stage.stage]: { ...group, legs: names } },
  };
  return { kind: 'grown', plan: { ...grown, digest: digestPlan(grown) }, added: names };
}

function fillLeg(stage: StagePlan, leg: Leg): StagePlan {
  const { lateMatrix: _, ...rest } = stage;
  const values = Object.fromEntries(Object.entries(leg.values).map(([axis, value]) => [`matrix.${axis}`, value]));
  return {
    ...(fillTexts(rest, values) as Omit<StagePlan, 'lateMatrix'>),
    name: `${stage.stage}[${nameLeg(leg.axes)}]`,
    leg: sortAxes(leg.axes),
    when: stage.when && fillCondition(stage.when, values),
    generatedBy: stage.name,
  };
}

function fillCondition(when: Condition, values: Readonly<Record<string, string>>): Condition {
  if (when.kind === 'decided') return when;
  const isFilled = (path: string) => path.startsWith('matrix.');
  const facts = when.reads.filter(isFilled).map((path) => [path, values[path] ?? null]);
  return {
    ...when,
    reads: when.reads.filter((path) => !isFilled(path)),
    facts: { ...when.facts, ...Object.fromEntries(facts) },
  };
}

/** Every text of the plan, wherever it stands, with these references filled in. */
function fillTexts(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => fillTexts(one, values));
  if (typeof value !== 'object' || value === null) return value;
  if ('parts' in value && Array.isArray(value.parts)) return fillText(value.parts, values);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillTexts(inner, values)]));
}

function fillText(parts: readonly unknown[], values: Readonly<Record<string, string>>): unknown {
  const filled = parts.map((part) => {
    const isReference = typeof part === 'object' && part !== null && 'ref' in part && typeof part.ref === 'string';
    return isReference && Object.hasOwn(values, part.ref as string) ? values[part.ref as string] : part;
  });
  return filled.every((part) => typeof part === 'string') ? filled.join('') : { parts: filled };
}
