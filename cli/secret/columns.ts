import type { SecretAccessObject, SecretObject } from '#core/rest-secrets.ts';
import { formatMoment } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { describeScope } from './find-secret.ts';

/** Columns of secrets; a value is in none. */
export const SECRET_COLUMNS: readonly Column<SecretObject>[] = [
  { header: 'secret', valueOf: ({ name }) => name },
  { header: 'version', valueOf: ({ version }) => String(version), align: 'right' },
  {
    header: 'state',
    valueOf: ({ enabled }) => (enabled ? 'enabled' : 'disabled'),
    style: ({ enabled }) => (enabled ? null : 'yellow'),
  },
  { header: 'scope', valueOf: describeScope },
  { header: 'updated', valueOf: ({ updatedAt }) => formatMoment(updatedAt) },
  { header: 'by', valueOf: ({ updatedBy }) => updatedBy },
  { header: 'last used', valueOf: ({ lastUsed }) => formatMoment(lastUsed?.at ?? null) },
];

/** Columns of what stages asked for. */
export const ACCESS_COLUMNS: readonly Column<SecretAccessObject>[] = [
  { header: 'at', valueOf: ({ at }) => formatMoment(at) },
  {
    header: 'verdict',
    valueOf: ({ verdict, code }) => (code === null ? verdict : `${verdict} (${code})`),
    style: ({ verdict }) => (verdict === 'released' ? null : 'red'),
  },
  { header: 'run', valueOf: ({ run }) => run ?? '' },
  { header: 'stage', valueOf: ({ stage }) => stage, shorten: 'middle' },
  { header: 'attempt', valueOf: ({ attempt }) => String(attempt), align: 'right' },
  { header: 'version', valueOf: ({ version }) => (version === null ? '' : String(version)), align: 'right' },
  { header: 'started by', valueOf: ({ actor }) => actor },
];
