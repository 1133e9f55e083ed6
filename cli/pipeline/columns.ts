import type { PipelineObject, RunSummary } from '#core/rest-pipelines.ts';
import { nameEnding } from '../live/words.ts';
import { formatMoment } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { lookOf } from '../terminal/glyph.ts';

/** Columns of pipelines, the most telling first. */
export const PIPELINE_COLUMNS: readonly Column<PipelineObject>[] = [
  { header: 'pipeline', valueOf: ({ name }) => name },
  {
    header: 'last',
    valueOf: ({ lastRun, enabled }) => (enabled ? (lastRun ? stateOfSummary(lastRun) : 'never ran') : 'disabled'),
    style: ({ lastRun }) => (lastRun ? lookOf(lastRun.status).style : null),
  },
  { header: 'run', valueOf: ({ lastRun }) => lastRun?.label ?? '' },
  { header: 'started', valueOf: ({ lastRun }) => (lastRun ? formatMoment(lastRun.createdAt) : '') },
  { header: 'branch', valueOf: ({ lastRun }) => lastRun?.branch ?? '', shorten: 'middle' },
  {
    header: 'default',
    valueOf: describeDefault,
    style: ({ defaultBranch, defaultRun }) =>
      defaultBranch !== null && defaultRun ? lookOf(defaultRun.status).style : null,
  },
  { header: 'workspace', valueOf: ({ workspace }) => workspace, shorten: 'middle' },
  { header: 'description', valueOf: ({ description }) => description, shorten: 'end' },
];

/** How its default branch stands: `main: passed`. Empty where nobody said which one that is. */
export function describeDefault({ defaultBranch, defaultRun }: PipelineObject): string {
  if (defaultBranch === null) return '';
  return `${defaultBranch}: ${defaultRun ? stateOfSummary(defaultRun) : 'never ran'}`;
}

function stateOfSummary({ status }: RunSummary): string {
  return status.kind === 'ended' ? nameEnding(status.ending) : status.kind;
}
