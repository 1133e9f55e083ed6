import type { EnvironmentObject } from '#core/rest-environments.ts';
import { formatMoment } from '../output/moment.ts';
import type { Column } from '../output/table.ts';

/** Columns of environments. */
export const ENVIRONMENT_COLUMNS: readonly Column<EnvironmentObject>[] = [
  { header: 'environment', valueOf: ({ name }) => name },
  {
    header: 'state',
    valueOf: ({ lock }) => (lock ? 'locked' : 'open'),
    style: ({ lock }) => (lock ? 'yellow' : null),
  },
  { header: 'by', valueOf: ({ lock }) => lock?.by ?? '' },
  { header: 'since', valueOf: ({ lock }) => formatMoment(lock?.at ?? null) },
  { header: 'workspace', valueOf: ({ workspace }) => workspace, shorten: 'middle' },
  { header: 'reason', valueOf: ({ lock }) => lock?.reason ?? '', shorten: 'end' },
  { header: 'description', valueOf: ({ description }) => description, shorten: 'end' },
];
