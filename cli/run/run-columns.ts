import { formatDuration } from '#core/duration.ts';
import type { RunObject } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import { nameEnding } from '../live/words.ts';
import { formatMoment } from '../output/moment.ts';
import { printObjects } from '../output/print.ts';
import type { Column } from '../output/table.ts';
import { lookOf } from '../terminal/glyph.ts';

/** Columns of runs, the most telling first. */
export const RUN_COLUMNS: readonly Column<RunObject>[] = [
  { header: 'run', valueOf: ({ label }) => label },
  { header: 'state', valueOf: stateOf, style: ({ status }) => lookOf(status).style },
  { header: 'pipeline', valueOf: ({ pipeline }) => pipeline.name, shorten: 'middle' },
  {
    header: 'took',
    valueOf: ({ durationMs }) => (durationMs === null ? '' : formatDuration(durationMs)),
    align: 'right',
  },
  { header: 'started', valueOf: ({ createdAt }) => formatMoment(createdAt) },
  { header: 'branch', valueOf: ({ branch, git }) => branch ?? git?.branch ?? '', shorten: 'middle' },
  { header: 'commit', valueOf: ({ commit, git }) => (commit ?? git?.sha)?.slice(0, 7) ?? '' },
  { header: 'subject', valueOf: ({ git }) => git?.subject ?? '' },
  { header: 'file', valueOf: ({ pipeline }) => pipeline.file ?? '', shorten: 'middle' },
];

export function stateOf({ status, gatesWaiting }: RunObject): string {
  if (gatesWaiting.length > 0) return `waits for ${gatesWaiting.join(', ')}`;
  return status.kind === 'ended' ? nameEnding(status.ending) : status.kind;
}

/** One run as data. In NDJSON its states were printed as they came, so it is not repeated. */
export async function printRunObject(call: AnyCall, run: RunObject): Promise<void> {
  if (call.format === 'ndjson' && run.status.kind === 'ended') return;
  await printRuns(call, [run], false);
}

export async function printRuns(call: AnyCall, runs: readonly RunObject[], isList: boolean): Promise<void> {
  await printObjects(
    call.screen,
    { items: runs, columns: RUN_COLUMNS, nameOf: ({ label }) => label, isList },
    { format: call.format, fields: call.options.fields, 'no-headers': call.options['no-headers'] },
  );
}
