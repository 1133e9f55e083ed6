import { quantile } from '../quantile.ts';
import { type Rounds, ratioIn, roundsOf, valuesOf } from './figures.ts';
import { formatNumber } from './format-number.ts';
import type { Goal, Promised } from './goals.ts';
import type { Result } from './result.ts';
import { median } from './statistics.ts';
import { formatMarkdown, formatRatio } from './table.ts';

/** Every promised number: wanted, measured, beside its floor, and whether it is held. What was not run says so. */
export function formatPromises(promises: readonly Promised[], results: readonly Result[]): string {
  const rows = promises.map((promised) => {
    const result = results.find(({ header }) => header.workload === promised.workload);
    const shown = describeGoal(promised.goal);
    if (!result) return [promised.what, shown, 'not measured', '', ''];
    const rounds = roundsOf(result);
    const values = valuesOf(rounds, promised.system, promised.measure);
    if (values.length === 0) return [promised.what, shown, describeLack(result, promised), '', '**lost**'];
    const value = reduce(values, promised.of);
    const ratio = ratioOf(rounds, promised);
    const measured = `${formatNumber(value)} ${unitOf(promised)}`.trim();
    const beside = ratio === null ? '' : formatRatio(ratio);
    const isHeld = meets(promised.goal, value, ratio?.median ?? null);
    return [
      promised.what,
      shown,
      measured,
      beside,
      `${isHeld ? 'held' : '**lost**'}${isBusy(rounds) ? ', busy machine' : ''}`,
    ];
  });
  return formatMarkdown(['ARCHITECTURE 6', 'wanted', 'measured', 'beside the floor', ''], rows).join('\n');
}

/** What was measured beside other work neither holds nor loses for good. */
const isBusy = ({ isNoisy, idleShare }: Rounds) => isNoisy || idleShare < 0.5;

function reduce(values: readonly number[], of: Promised['of']): number {
  switch (of) {
    case 'median':
      return median(values);
    case 'p95':
      return quantile(values, 0.95);
    case 'p99':
      return quantile(values, 0.99);
    case 'most':
      return Math.max(...values);
    default:
      throw new Error(`unknown statistic ${String(of satisfies never)}`);
  }
}

const ratioOf = (rounds: Rounds, { system, measure, floor }: Promised) =>
  floor === null ? null : ratioIn(rounds, [system, measure], [floor.system, floor.measure]);

function meets(goal: Goal, value: number, ratio: number | null): boolean {
  switch (goal.kind) {
    case 'at-most':
      return value <= goal.value;
    case 'at-least':
      return value >= goal.value;
    case 'ratio-at-most':
      return ratio !== null && ratio <= goal.value;
    default:
      throw new Error(`unknown goal ${String(goal satisfies never)}`);
  }
}

function describeGoal(goal: Goal): string {
  switch (goal.kind) {
    case 'at-most':
      return `≤ ${formatNumber(goal.value)} ${goal.unit}`;
    case 'at-least':
      return `≥ ${formatNumber(goal.value)} ${goal.unit}`;
    case 'ratio-at-most':
      return `≤ ${formatNumber(goal.value)}×`;
    default:
      throw new Error(`unknown goal ${String(goal satisfies never)}`);
  }
}

/** Names of measures end in their unit: `wall, ms`. */
const unitOf = ({ goal, measure }: Promised) =>
  goal.kind === 'ratio-at-most' ? (measure.split(', ')[1] ?? '') : goal.unit;

/** Why it has no sample. */
function describeLack({ lines }: Result, { system }: Promised): string {
  const failure = lines.find((line) => line.kind === 'failure' && line.system === system);
  return failure?.kind === 'failure' ? `failed: ${failure.message.replaceAll(/\s+/g, ' ').slice(0, 100)}` : 'no sample';
}
