import { useQuery } from '@tanstack/react-query';
import type { SecretObject, SecretVersionObject } from '#core/rest-secrets.ts';
import type { Page } from '#core/rest.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { restoreSecret } from '../../actions/secret.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { get } from '../../data/http.ts';
import { Badge } from '../../ui/badge.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Table, type Column } from '../../ui/table.tsx';

/** When which value was set by whom; an earlier one can be made the newest again. */
export function VersionsTab({ secret }: { secret: SecretObject }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['list', 'secrets', secret.id, 'versions'],
    queryFn: ({ signal }) => get<Page<SecretVersionObject>>(`secrets/${secret.id}/versions`, {}, signal),
  });
  const columns: Column<SecretVersionObject>[] = [
    {
      ...{ key: 'version', head: 'Version' },
      cell: ({ version, current }) => (
        <span className="flex items-center gap-2 text-1">
          {version} {current ? <Badge>{secret.enabled ? 'stages get this one' : 'the newest'}</Badge> : null}
        </span>
      ),
    },
    { ...{ key: 'at', head: 'Set', width: '25%' }, cell: ({ createdAt }) => <Age at={createdAt} /> },
    { ...{ key: 'by', head: 'By', width: '25%' }, cell: ({ createdBy }) => describeActor(createdBy) },
    {
      ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '120px', align: 'right' },
      cell: ({ version, current }) =>
        current ? null : (
          <ActionButton
            action={restoreSecret}
            subject={{ id: `${secret.id} ${version}`, secret, version }}
            size="dense"
          />
        ),
    },
  ];
  return (
    <Table
      label="versions"
      columns={columns}
      items={data?.items}
      expectedRows={secret.version}
      keyOf={({ version }) => String(version)}
      error={
        !data && error ? (
          <ErrorState what="The versions could not be read" problem={error} onRetry={() => void refetch()} />
        ) : null
      }
      empty={null}
    />
  );
}
