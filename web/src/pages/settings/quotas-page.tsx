import { Gauge } from 'lucide-react';
import { Link } from 'wouter';
import type { QuotaObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { setQuota } from '../../actions/quota.ts';
import { useLinked } from '../../app/linked.ts';
import { usePageHead } from '../../app/page.ts';
import { useWorkspace } from '../../app/place.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { describeAmount, QUOTA_NAMES } from './describe-quota.ts';
import { SettingsFrame } from './settings-frame.tsx';

/** Of those who wait; how many there are is told. */
const SHOWN = 3;

const COLUMNS: readonly Column<QuotaObject>[] = [
  {
    ...{ key: 'what', head: 'What', width: '17%' },
    cell: ({ id }) => <span className="text-1">{QUOTA_NAMES[id]}</span>,
  },
  {
    ...{ key: 'used', head: 'Used', width: '14%', align: 'right' },
    cell: ({ id, used, limit, resetsAt }) => (
      <span className="block py-1">
        {limit !== null && used >= limit ? <Badge hue="warning">full</Badge> : null} {describeAmount(id, used)}
        {resetsAt === null ? null : (
          <span className="block text-12 text-2">
            anew <Age at={resetsAt} />
          </span>
        )}
      </span>
    ),
  },
  {
    ...{ key: 'limit', head: 'Limit', width: '18%', align: 'right' },
    cell: ({ id, limit, updatedAt, updatedBy }) => (
      <span className="block py-1">
        {limit === null ? <span className="text-2">none</span> : describeAmount(id, limit)}
        {updatedAt === null ? null : (
          <span className="block truncate text-12 text-2">
            <Age at={updatedAt} /> by {describeActor(updatedBy ?? '')}
          </span>
        )}
      </span>
    ),
  },
  {
    ...{ key: 'peak', head: 'Peak, 30 days', width: '112px', align: 'right', isSecondary: true },
    cell: ({ id, peak }) => (peak === null ? <span className="text-2">–</span> : describeAmount(id, peak)),
  },
  {
    ...{ key: 'waiting', head: 'Waits for it' },
    cell: ({ waiting, waiters }) => (
      <span className="flex flex-wrap gap-x-2 py-1 whitespace-normal">
        {waiting === 0 ? <span className="text-2">nothing</span> : null}
        {waiters.slice(0, SHOWN).map(({ run, label, stage }) => (
          <Link key={`${run} ${stage}`} href={`/r/${run}`} className="text-link hover:underline">
            {label} {stage}
          </Link>
        ))}
        {waiting > SHOWN ? `and ${waiting - SHOWN} more` : null}
      </span>
    ),
  },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '132px', align: 'right' },
    cell: (quota) => <ActionButton action={setQuota} subject={{ id: quota.id, quota }} size="dense" />,
  },
];

/** What the workspace may use, what it uses now, and what waits because of it (UI §4.13). */
export default function QuotasPage() {
  const place = useWorkspace();
  usePageHead({ title: 'Quotas', area: place.path, crumbs: [{ label: 'Settings', href: `${place.base}/settings` }] });
  const { data, error, refetch } = useList<QuotaObject>('quotas', { workspace: place.path });
  const linked = useLinked(data !== undefined);
  return (
    <SettingsFrame>
      <Panel title="Quotas">
        <Table
          label="quotas"
          columns={COLUMNS}
          items={data?.items}
          expectedRows={4}
          keyOf={({ id }) => id}
          isSelected={({ id }) => id === linked}
          error={
            !data && error ? (
              <ErrorState what="The quotas could not be read" problem={error} onRetry={() => void refetch()} />
            ) : null
          }
          empty={<EmptyState icon={Gauge} title="There are no quotas" />}
        />
      </Panel>
    </SettingsFrame>
  );
}
