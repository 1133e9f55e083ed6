import { Gauge } from 'lucide-react';
import type { QuotaObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { setQuota } from '../../actions/quota.ts';
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

const COLUMNS: readonly Column<QuotaObject>[] = [
  { ...{ key: 'what', head: 'What' }, cell: ({ id }) => <span className="text-1">{QUOTA_NAMES[id]}</span> },
  {
    ...{ key: 'used', head: 'Used', width: '14%', align: 'right' },
    cell: ({ id, used, limit }) => (
      <span className="inline-flex items-center gap-2">
        {limit !== null && used >= limit ? <Badge hue="warning">full</Badge> : null}
        {describeAmount(id, used)}
      </span>
    ),
  },
  {
    ...{ key: 'limit', head: 'Limit', width: '14%', align: 'right' },
    cell: ({ id, limit }) => (limit === null ? <span className="text-3">none</span> : describeAmount(id, limit)),
  },
  {
    ...{ key: 'waiting', head: 'Waits for it', width: '14%', align: 'right' },
    cell: ({ waiting }) =>
      waiting === 0 ? <span className="text-3">nothing</span> : waiting === 1 ? '1 stage' : `${waiting} stages`,
  },
  {
    ...{ key: 'resets', head: 'Begins again', width: '14%', isSecondary: true },
    cell: ({ resetsAt }) => (resetsAt === null ? <span className="text-3">–</span> : <Age at={resetsAt} />),
  },
  {
    ...{ key: 'set', head: 'Set', width: '16%', isSecondary: true },
    cell: ({ updatedAt, updatedBy }) =>
      updatedAt === null ? (
        <span className="text-3">never</span>
      ) : (
        <>
          <Age at={updatedAt} /> by {describeActor(updatedBy ?? '')}
        </>
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
  return (
    <SettingsFrame>
      <Panel title="Quotas">
        <Table
          label="quotas"
          columns={COLUMNS}
          items={data?.items}
          expectedRows={4}
          keyOf={({ id }) => id}
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
