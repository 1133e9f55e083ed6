import { expect, test } from 'vitest';
import { WORKLOADS, selectWorkloads } from '../workloads.ts';
import { formatDocument } from './document.ts';
import { ratioIn, roundsOf, spreadIn } from './figures.ts';
import { PROMISED } from './goals.ts';
import { formatPromises } from './promise-table.ts';
import { formatResult, parseResult, type Result, type Sample } from './result.ts';
import { formatResultTable } from './table.ts';

const machine = {
  ...{ commit: 'abc', date: '2026-01-02T03:04:05.678Z', kernel: '6.1', engine: '20.10', node: 'v24', processors: 2 },
  ...{ model: 'Some', memoryBytes: 2 ** 33, freeDiskBytes: 5e10, load: 0.25, steal: 0.01 },
};
const systems: Result['header']['systems'] = [
  { name: '10 × docker run', role: 'floor', note: 'bare' },
  { name: 'buildit run', role: 'buildit', note: 'warm' },
  { name: 'act', role: 'peer', note: '1.0' },
];

/** Of each round the floor's two samples, ours and the peer's, ms. */
function resultOf(rounds: readonly (readonly [number, number, number, number])[]): Result {
  const sample = (round: number, place: number, value = Number.NaN): Sample => ({
    ...{ kind: 'sample', round, place, system: systems[place % 3]?.name ?? '', isIdle: round > 0 },
    measures: { 'wall, ms': value },
  });
  return {
    header: { kind: 'header', workload: 'w3a', title: 'ten', seed: 1, rounds: rounds.length, machine, systems },
    lines: rounds.flatMap(([first, last, ours, peer], round) => [
      ...[sample(round, 0, first), sample(round, 1, ours), sample(round, 2, peer), sample(round, 3, last)],
    ]),
  };
}

const steady = resultOf([
  [1_000, 1_100, 525, 2_000],
  [2_000, 2_000, 900, 4_000],
  [1_000, 1_000, 550, 2_100],
  [1_000, 1_300, 9_999, 9_999],
]);

test('a round whose two floors differ by more than a fifth is dropped', () => {
  expect(roundsOf(steady)).toMatchObject({ dropped: 1, isNoisy: false, idleShare: 0.75 });
  expect(spreadIn(roundsOf(steady), 'buildit run', 'wall, ms')).toMatchObject({ median: 550, least: 525, count: 3 });
});

test('when no two floors agree nothing is dropped, and it is said', () => {
  const noisy = resultOf([[1_000, 2_000, 500, 1]]);
  expect(roundsOf(noisy)).toMatchObject({ dropped: 0, isNoisy: true });
  expect(formatResultTable(noisy)).toContain('nothing was dropped');
});

test('a ratio is that of each round, not of the medians', () => {
  const ratio = ratioIn(roundsOf(steady), ['buildit run', 'wall, ms'], ['10 × docker run', 'wall, ms']);
  expect(ratio).toEqual({ median: 0.5, interval: { low: 0.45, high: 0.55 } });
});

test('a table names floor, quarters, ratios and who is faster', () => {
  expect(formatResultTable(steady).split('\n')).toEqual([
    '| | measure | median | p25–p75 | least | beside the floor | BuildIt beside it |',
    '|---|---|---|---|---|---|---|',
    '| 10 × docker run (floor) | wall, ms | 1,050 | 1,000–2,000 | 1,000 | | |',
    '| buildit run | wall, ms | 550 | 525–900 | 525 | 0.5× (0.45–0.55) | |',
    '| act | wall, ms | 2,100 | 2,000–4,000 | 2,000 | 2× (1.9–2.1) | 0.26× (0.23–0.26), faster |',
    '',
    '3 of 4 rounds count, 1 dropped; idle before 75 % of the samples; load 0.3, steal 1.0 %, 50 GB of disk free; 2026-01-02T03:04Z, commit abc.',
  ]);
});

test('a peer that is faster and one that failed are shown', () => {
  const slower = resultOf([
    [1_000, 1_000, 500, 100],
    [1_000, 1_000, 510, 110],
    [1_000, 1_000, 520, 120],
  ]);
  slower.lines.push({ kind: 'failure', round: 2, system: 'act', message: 'no\nimage' });
  expect(formatResultTable(slower)).toContain('**slower**');
  expect(formatResultTable(slower)).toContain('| act | failed | | | | | no image |');
});

test('a promise is held, lost, or was not measured', () => {
  const promises = PROMISED.filter(({ workload }) => workload === 'w3a' || workload === 'w4');
  expect(formatPromises(promises, [steady]).split('\n').slice(2)).toEqual([
    '| ten container stages in sequence | ≤ 0.6× | 550 ms | 0.5× (0.45–0.55) | held |',
    '| fifty wide, two at a time | ≤ 0.5× | not measured | | |',
  ]);
  const late = resultOf([[1_000, 1_000, 700, 1]]);
  expect(formatPromises(promises, [late])).toContain('| 0.7× | **lost**, busy machine |');
});

test('a result is the same after it was written and read', () => {
  expect(parseResult(formatResult(steady))).toEqual(steady);
});

test('the tables stand between the markers and nothing else changes', () => {
  const document = 'before\n<!-- bench:begin -->\nearlier\n<!-- bench:end -->\nafter\n';
  const once = formatDocument(document, [steady]);
  expect(once).toMatch(/^before\n<!-- bench:begin -->\n\nMeasured on 2 × Some[^]+<!-- bench:end -->\nafter\n$/);
  expect(once).not.toContain('earlier');
  expect(formatDocument(once, [steady])).toBe(once);
  expect(() => formatDocument('nothing', [])).toThrow('<!-- bench:begin -->');
});

test('every promise belongs to a workload that there is', () => {
  const ids = [...WORKLOADS.map(({ id }) => id), 'ui-graph', 'ui-log'];
  expect(PROMISED.map(({ workload }) => workload).filter((id) => !ids.includes(id))).toEqual([]);
});

test('a name selects a workload or those with a letter behind it', () => {
  const idsOf = (...names: string[]) => selectWorkloads(names).map(({ id }) => id);
  expect(idsOf('w3', 'w1')).toEqual(['w3a', 'w3b', 'w1']);
  expect(idsOf()).toEqual(WORKLOADS.map(({ id }) => id));
  expect(() => idsOf('w99')).toThrow('there is no workload w99: w1,');
});
