import { roundsOf, ratioIn, type Ratio, spreadIn } from './figures.ts';
import { formatNumber } from './format-number.ts';
import type { Result } from './result.ts';

/**
 * One workload: each measure of each system, beside the first floor where it has that measure, and beside each peer
 * whether we are faster, which needs the whole interval below 1 (performance.md P103).
 */
export function formatResultTable(result: Result): string {
  const rounds = roundsOf(result);
  const { systems } = result.header;
  const [floor] = systems.filter(({ role }) => role === 'floor');
  const [ours] = systems.filter(({ role }) => role === 'buildit');
  const rows = systems.flatMap((system) => {
    const failure = result.lines.find((line) => line.kind === 'failure' && line.system === system.name);
    const rows = measuresOf(result, system.name).map((measure) => {
      const spread = spreadIn(rounds, system.name, measure);
      const beside = floor && floor !== system ? ratioIn(rounds, [system.name, measure], [floor.name, measure]) : null;
      const comparison =
        ours && system.role === 'peer' ? ratioIn(rounds, [ours.name, measure], [system.name, measure]) : null;
      return [
        system.name + (system.role === 'floor' ? ' (floor)' : ''),
        measure,
        ...(spread === null
          ? ['–', '–', '–']
          : [
              formatNumber(spread.median),
              `${formatNumber(spread.low)}–${formatNumber(spread.high)}`,
              formatNumber(spread.least),
            ]),
        beside === null ? '' : formatRatio(beside),
        comparison === null ? '' : compare(comparison),
      ];
    });
    return failure?.kind === 'failure'
      ? [...rows, [system.name, 'failed', '', '', '', '', shorten(failure.message)]]
      : rows;
  });
  const head = ['', 'measure', 'median', 'p25–p75', 'least', 'beside the floor', 'BuildIt beside it'];
  return [...formatMarkdown(head, rows), '', describeRounds(result)].join('\n');
}

export function formatMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map((row) => line(row.map(escapePipes)))];
}

const escapePipes = (cell: string) => cell.replaceAll('|', '\\|');

export function formatRatio({ median, interval }: Ratio): string {
  const range = interval === null ? '' : ` (${formatNumber(interval.low)}–${formatNumber(interval.high)})`;
  return `${formatNumber(median)}×${range}`;
}

function compare(ratio: Ratio): string {
  const { interval } = ratio;
  const verdict =
    interval === null ? 'too few rounds' : interval.high < 1 ? 'faster' : interval.low > 1 ? '**slower**' : 'undecided';
  return `${formatRatio(ratio)}, ${verdict}`;
}

/** Rounds that count, and how far they can be trusted. */
export function describeRounds(result: Result): string {
  const { kept, dropped, isNoisy, idleShare } = roundsOf(result);
  const { machine, rounds } = result.header;
  const noise = isNoisy ? '; **no two floors of a round agreed within 20 %, so nothing was dropped**' : '';
  const idle = `idle before ${Math.round(idleShare * 100)} % of the samples`;
  const where = `load ${machine.load.toFixed(1)}, steal ${(machine.steal * 100).toFixed(1)} %, ${Math.round(machine.freeDiskBytes / 1e9)} GB of disk free`;
  return `${kept.length} of ${rounds} rounds count, ${dropped} dropped${noise}; ${idle}; ${where}; ${machine.date.slice(0, 16)}Z, commit ${machine.commit}.`;
}

function measuresOf({ lines }: Result, system: string): string[] {
  const names = lines.flatMap((line) =>
    line.kind === 'sample' && line.system === system ? Object.keys(line.measures) : [],
  );
  return [...new Set(names)];
}

const shorten = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 160);
