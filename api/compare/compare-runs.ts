import type { Plan, PlanNode } from '#core/plan.ts';
import type { ComparisonObject, NodeComparison, NodeOutcome } from '#core/rest-compare.ts';
import type { AttemptRow, RunRow, StageRow } from '#db/rows.ts';
import { toRunSummary } from '../objects/pipeline-object.ts';
import { diffValues, isSame } from './diff-values.ts';

/** A run with all that is compared of it. */
export interface ComparedRun {
  row: RunRow;
  plan: Plan;
  stages: readonly StageRow[];
  attempts: readonly AttemptRow[];
}

/** Places of the file, which move when a line is added above. */
const PLACES = new Set(['name', 'index']);

/** Pairs nodes by name, legs by theirs, and answers what differs. */
export function compareRuns(base: ComparedRun, head: ComparedRun): ComparisonObject {
  const headNames = head.plan.nodes.map((node) => node.name);
  const removed = base.plan.nodes.map((node) => node.name).filter((name) => !headNames.includes(name));
  return {
    base: toRunSummary(base.row),
    head: toRunSummary(head.row),
    params: compareParams(base.plan, head.plan),
    nodes: [...headNames, ...removed].map((name) => compareNode(name, base, head)),
  };
}

function compareParams(base: Plan, head: Plan): ComparisonObject['params'] {
  const names = [...new Set([...Object.keys(base.params), ...Object.keys(head.params)])].toSorted();
  return names.flatMap((name) => {
    const [before = null, after = null] = [base.params[name], head.params[name]];
    return isSame(before, after) ? [] : [{ name, base: before, head: after }];
  });
}

function compareNode(name: string, base: ComparedRun, head: ComparedRun): NodeComparison {
  const [before, after] = [base, head].map((run) => run.plan.nodes.find((node) => node.name === name));
  return {
    name,
    base: before ? findOutcome(base, name) : null,
    head: after ? findOutcome(head, name) : null,
    properties: before && after ? compareProperties(before, after) : [],
  };
}

function compareProperties(base: PlanNode, head: PlanNode): NodeComparison['properties'] {
  const [before, after] = [base, head].map((node) => new Map(Object.entries(node)));
  const names = [...new Set([...Object.keys(base), ...Object.keys(head)])].filter((name) => !PLACES.has(name));
  return names.toSorted().flatMap((property) => {
    const [old = null, present = null] = [before?.get(property), after?.get(property)].map(withoutLines);
    return diffValues(property, old, present);
  });
}

/** Steps without the lines they stand in, and without titles that are but the beginning of their script. */
function withoutLines(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('script' in item)) return item;
    const { script } = item;
    const isOfScript = (title: unknown) =>
      typeof title === 'string' && typeof script === 'string' && script.trimStart().startsWith(title);
    return Object.fromEntries(
      Object.entries(item).filter(([name, inner]) => name !== 'line' && !(name === 'title' && isOfScript(inner))),
    );
  });
}

function findOutcome({ stages, attempts }: ComparedRun, name: string): NodeOutcome {
  const stage = stages.find((other) => other.name === name);
  const own = attempts.filter((attempt) => attempt.stage === name);
  const spans = own.flatMap(({ startedAt, endedAt }) =>
    startedAt !== null && endedAt !== null ? [Date.parse(endedAt) - Date.parse(startedAt)] : [],
  );
  return {
    ending: stage?.ending ?? null,
    durationMs: spans.length > 0 ? spans.reduce((sum, span) => sum + span, 0) : null,
    attempts: stage?.attemptCount ?? 0,
    image: own.at(-1)?.image ?? null,
    serviceImages: own.at(-1)?.serviceImages ?? {},
    caches: (own.at(-1)?.result?.caches ?? []).map(({ name: cache, found }) => ({ name: cache, found })),
  };
}
