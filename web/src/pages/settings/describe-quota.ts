import type { QuotaKind } from '#core/rest-workspaces.ts';
import { formatBytes, formatCount } from '../../ui/format-bytes.ts';

export const QUOTA_NAMES: Record<QuotaKind, string> = {
  'stages-at-once': 'Stages at once',
  'runs-a-day': 'Runs a day',
  'minutes-a-month': 'Minutes a month',
  'storage-bytes': 'Storage',
};

/** An amount of what a quota counts. */
export function describeAmount(kind: QuotaKind, amount: number): string {
  return kind === 'storage-bytes' ? formatBytes(amount) : formatCount(amount);
}
