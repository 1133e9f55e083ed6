import type { Result, Sample } from './result.ts';
import { bootstrapInterval, median, type Spread, spreadOf } from './statistics.ts';
import type { Measures } from './workload.ts';

/** Two floors of one round may differ by so much of the lesser one (performance.md P103). */
const FLOOR_DIFFERENCE = 0.2;

/** The median of the ratios of each round, with its 95 % interval; of fewer than three rounds there is none. */
export interface Ratio {
  median: number;
  interval: { low: number; high: number } | null;
}

export interface Rounds {
  /** What counts: those whose two floors agree, and all when none of them does. */
  kept: Sample[][];
  dropped: number;
  /** No two floors agreed, so nothing could be dropped: no figure of this can be promised. */
  isNoisy: boolean;
  /** Of all samples, those before which the machine was idle. */
  idleShare: number;
}

export function roundsOf({ header, lines }: Result): Rounds {
  const samples = lines.filter((line) => line.kind === 'sample');
  const rounds = Map.groupBy(samples, ({ round }) => round)
    .values()
    .toArray();
  const [first] = header.systems;
  const floor = first?.role === 'floor' ? first.name : null;
  const quiet = rounds.filter((round) => floor === null || floorsAgree(round, floor));
  const isNoisy = quiet.length === 0 && rounds.length > 0;
  return {
    kept: isNoisy ? rounds : quiet,
    dropped: isNoisy ? 0 : rounds.length - quiet.length,
    isNoisy,
    idleShare: samples.filter(({ isIdle }) => isIdle).length / Math.max(1, samples.length),
  };
}

function floorsAgree(round: readonly Sample[], floor: string): boolean {
  const values = round.filter(({ system }) => system === floor).map(({ measures }) => mainValueOf(measures));
  return values.length === 2 && Math.max(...values) <= (1 + FLOOR_DIFFERENCE) * Math.min(...values);
}

/** Of the measure that is named first. */
function mainValueOf(measures: Measures): number {
  return median([Object.values(measures)[0] ?? []].flat());
}

/** Every value of one measure of one system. */
export function valuesOf({ kept }: Rounds, system: string, measure: string): number[] {
  return kept.flat().flatMap((sample) => (sample.system === system ? [sample.measures[measure] ?? []].flat() : []));
}

/** Null where nothing was measured. */
export function spreadIn(rounds: Rounds, system: string, measure: string): Spread | null {
  const values = valuesOf(rounds, system, measure);
  return values.length === 0 ? null : spreadOf(values);
}

/** One measure beside one of another system in the same rounds; null where none has both. */
export function ratioIn(
  { kept }: Rounds,
  [system, measure]: readonly [string, string],
  [other, otherMeasure]: readonly [string, string],
): Ratio | null {
  const middleOf = (round: readonly Sample[], name: string, of: string) =>
    median(round.flatMap((sample) => (sample.system === name ? [sample.measures[of] ?? []].flat() : [])));
  const ratios = kept
    .map((round) => middleOf(round, system, measure) / middleOf(round, other, otherMeasure))
    .filter(Number.isFinite);
  return ratios.length === 0 ? null : { median: median(ratios), interval: bootstrapInterval(ratios) };
}
