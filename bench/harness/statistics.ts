import { seedRandom } from '#test/env/seed-random.ts';
import { quantile } from '../quantile.ts';

/** Of all values: the middle, the quarters around it, the least. */
export interface Spread {
  median: number;
  low: number;
  high: number;
  least: number;
  count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    least: quantile(values, 0),
    count: values.length,
  };
}

/** Of an even number of values the mean of the two in the middle; of none NaN. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

const RESAMPLES = 2_000;
/** Of fewer values than these an interval says nothing. */
const LEAST_VALUES = 3;

/**
 * The 95 % interval of the median: of 2,000 draws with replacement, always the same for the same values
 * (performance.md P103). Null of fewer than three.
 */
export function bootstrapInterval(values: readonly number[]): { low: number; high: number } | null {
  if (values.length < LEAST_VALUES) return null;
  const random = seedRandom(values.length);
  const draw = () => values[Math.floor(random() * values.length)] ?? Number.NaN;
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw)));
  return { low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}
