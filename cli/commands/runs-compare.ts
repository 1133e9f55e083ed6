import { formatDuration } from '#core/duration.ts';
import type { ComparisonObject, NodeComparison, NodeOutcome } from '#core/rest-compare.ts';
import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { nameEnding } from '../live/words.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';

/** A parameter or a stage in both runs. */
interface ComparedRow {
  what: string;
  base: string;
  head: string;
  /** Time won or lost, properties of the plan that differ. */
  difference: string;
}

/** `buildit runs compare BASE HEAD` */
export const handle: Handler<Commands['runs compare']> = async (call) => {
  const { screen, words } = call;
  const [base, head] = await Promise.all([openRun(call, words[0]), openRun(call, words[1])]);
  const comparison = await base.api.compareRuns(base.run.id, head.run.id);
  if (call.format !== 'table') {
    const shown = { items: [comparison], columns: [], nameOf: () => comparison.head.label, isList: false };
    await printObjects(screen, shown, printOptions(call));
    return EXIT.done;
  }
  await printObjects<ComparedRow>(
    screen,
    {
      items: listRows(comparison),
      columns: [
        { header: 'what', valueOf: ({ what }) => what },
        { header: comparison.base.label, valueOf: (row) => row.base, shorten: 'end' },
        { header: comparison.head.label, valueOf: (row) => row.head, shorten: 'end' },
        { header: 'difference', valueOf: ({ difference }) => difference, shorten: 'end' },
      ],
      nameOf: ({ what }) => what,
      isList: true,
    },
    printOptions(call),
  );
  return EXIT.done;
};

function listRows({ params, nodes }: ComparisonObject): ComparedRow[] {
  return [
    ...params.map(({ name, base, head }) => ({
      ...{ what: `param ${name}`, base: formatValue(base), head: formatValue(head), difference: '' },
    })),
    ...nodes.map((node) => ({
      ...{ what: node.name, base: formatOutcome(node.base), head: formatOutcome(node.head) },
      difference: formatDifference(node),
    })),
  ];
}

function formatValue(value: unknown): string {
  if (value === null) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function formatOutcome(outcome: NodeOutcome | null): string {
  if (outcome === null) return 'not there';
  const { ending, durationMs } = outcome;
  return `${ending === null ? 'open' : nameEnding(ending)}${durationMs === null ? '' : ` ${formatDuration(durationMs)}`}`;
}

function formatDifference({ base, head, properties }: NodeComparison): string {
  const [before, after] = [base?.durationMs ?? null, head?.durationMs ?? null];
  const ms = before === null || after === null ? null : after - before;
  const time = ms === null ? '' : `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;
  return [time, properties.map(({ property }) => property).join(', ')].filter(Boolean).join('  ');
}
