/** What a figure is to be. A ratio is to its floor, in the same rounds. */
export type Goal =
  | { kind: 'at-most'; value: number; unit: string }
  | { kind: 'at-least'; value: number; unit: string }
  | { kind: 'ratio-at-most'; value: number };

/** One number that was promised, and which samples tell it. */
export interface Promised {
  what: string;
  workload: string;
  system: string;
  measure: string;
  /** Of all samples. A ratio is always the median of its rounds. */
  of: Statistic;
  /** What it stands beside, for the ratio that is shown. */
  floor: { system: string; measure: string } | null;
  goal: Goal;
}

type Statistic = 'median' | 'p95' | 'p99' | 'most';

function promised(
  what: string,
  [workload, system, measure]: readonly [string, string, string],
  goal: Goal,
  given: { of?: Statistic; floor?: readonly [string, string] } = {},
): Promised {
  const { of = 'median', floor } = given;
  const beside = floor === undefined ? null : { system: floor[0], measure: floor[1] };
  return { what, workload, system, measure, of, floor: beside, goal };
}

const WALL = 'wall, ms';
const atMost = (value: number, unit = 'ms'): Goal => ({ kind: 'at-most', value, unit });
const atLeast = (value: number, unit: string): Goal => ({ kind: 'at-least', value, unit });
const ratioAtMost = (value: number): Goal => ({ kind: 'ratio-at-most', value });
const besideTwo = { floor: ['2 × docker run', WALL] } as const;

/** The numbers of ARCHITECTURE 6 in its order, but the size of the first load, which a test asserts. */
export const PROMISED: readonly Promised[] = [
  promised('orchestration per no-op stage, p50', ['w5a', 'orchestration only', 'begin to begin, ms'], atMost(30)),
  promised('orchestration per no-op stage, p95', ['w5a', 'orchestration only', 'begin to begin, ms'], atMost(80), {
    of: 'p95',
  }),
  promised('ten container stages in sequence', ['w3a', 'buildit run', WALL], ratioAtMost(0.6), {
    floor: ['10 × docker run', WALL],
  }),
  promised('fifty wide, two at a time', ['w4', 'buildit run', WALL], ratioAtMost(0.5), {
    floor: ['50 × docker run', WALL],
  }),
  promised('a `run` step inside one stage', ['w3b', 'buildit run', 'step, ms'], atMost(5), {
    floor: ['docker exec', 'step, ms'],
  }),
  promised('a cache of 50,000 files into a stage', ['w10', 'cache into a stage', 'cost, ms'], atMost(60), {
    floor: ['zstd -d | tar -x', WALL],
  }),
  promised('two-stage echo, cold: first line', ['w1', 'buildit run, cold', 'first line, ms'], atMost(2_000), {
    floor: ['2 × docker run', 'first line, ms'],
  }),
  promised('two-stage echo, cold: done', ['w1', 'buildit run, cold', WALL], atMost(4_000), besideTwo),
  promised('two-stage echo, warm', ['w1', 'buildit run', WALL], atMost(1_000), besideTwo),
  promised('`buildit validate` of 50 stages', ['commands', 'buildit validate, 50 stages', WALL], atMost(500), {
    floor: ['node -e ""', WALL],
  }),
  promised('recovery after `kill -9` of the worker, p99', ['w13', 'worker', 'next line, ms'], atMost(15_000), {
    of: 'p99',
  }),
  promised('stages begun twice by it', ['w13', 'worker', 'begun twice'], atMost(0, 'stages'), { of: 'most' }),
  promised('log of one stage', ['w8a', 'buildit run', 'MB/s'], atLeast(30, 'MB/s'), {
    floor: ['docker run', 'MB/s'],
  }),
  promised('memory of the worker meanwhile', ['w8a', 'buildit run', 'worker grew, MB'], atMost(64, 'MB'), {
    of: 'most',
  }),
  promised('lag of a follower, p95', ['w8b', 'three followers', 'lag, ms'], atMost(250), { of: 'p95' }),
  promised('peak memory while an artifact is saved', ['w9', 'artifact', 'save peak, MB'], atMost(150, 'MB'), {
    of: 'most',
  }),
  promised('peak memory while it is loaded', ['w9', 'artifact', 'load peak, MB'], atMost(150, 'MB'), { of: 'most' }),
  promised('reads of the API at 100,000 runs, p99', ['reads', 'server', 'all, p99 ms'], atMost(150)),
  promised('triggers at 50 a second, p99', ['triggers', 'server', 'p99 ms'], atMost(200)),
  promised('streams that are open at once', ['streams', 'server', 'streams open'], atLeast(2_000, 'streams')),
  promised('an event on all of them, p99', ['streams', 'server', 'event p99 ms'], atMost(1_000)),
  promised(
    'web: a log of 1,000,000 lines, chosen until painted',
    ['ui-log', 'browser', 'stage chosen until its last lines are painted, ms'],
    atMost(300),
  ),
  promised(
    'web: a graph of 1,000 stages, chosen until painted',
    ['ui-graph', 'browser', '1000 stages: chosen until 200 at most are painted, ms'],
    atMost(500),
  ),
];
